import sharp from 'sharp';

/** A background of any sides, as PNG. */
export type Place = (width: number, height: number) => Promise<Buffer>;

/** How many photos without a face there are. */
const COUNT = 50;

/** Sides of each, in pixels. */
const SIDES = { width: 3000, height: 2000 } as const;

/**
 * Photos on which nobody is: the backgrounds and parts of them (a statue's and painted animals' faces among them),
 * textures, and pets drawn by code.
 */
export async function withoutFaces(places: readonly Place[], next: () => number): Promise<Buffer[]> {
  const pictures: Buffer[] = [];
  for (const place of places) {
    const whole = await place(SIDES.width, SIDES.height);
    pictures.push(whole);
    for (let part = 0; part < 5; part++) {
      const scale = 0.2 + 0.5 * next();
      const [width, height] = [Math.round(SIDES.width * scale), Math.round(SIDES.height * scale)];
      const left = Math.floor(next() * (SIDES.width - width));
      const top = Math.floor(next() * (SIDES.height - height));
      pictures.push(
        await sharp(whole)
          .extract({ left, top, width, height })
          .resize(SIDES.width, SIDES.height)
          .png({ compressionLevel: 1 })
          .toBuffer(),
      );
    }
  }
  while (pictures.length < COUNT) {
    const drawn = pictures.length % 2 === 0 ? pets(next) : texture(next);
    pictures.push(await sharp(Buffer.from(drawn)).flatten({ background: '#ccc' }).png().toBuffer());
  }
  return pictures;
}

function svg(inner: string): string {
  const { width, height } = SIDES;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inner}</svg>`;
}

/** Clouds, grain of wood, tiles or dots. */
function texture(next: () => number): string {
  const hue = Math.floor(360 * next());
  const colour = (light: number) => `hsl(${hue},40%,${light}%)`;
  const kind = Math.floor(next() * 4);
  if (kind < 2) {
    const frequency = kind === 0 ? '0.004' : '0.002 0.05';
    return svg(
      `<filter id="f"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="5" seed="${hue}"/><feColorMatrix type="saturate" values=".4"/></filter><rect width="100%" height="100%" fill="${colour(60)}"/><rect width="100%" height="100%" filter="url(#f)" opacity=".8"/>`,
    );
  }
  const side = 40 + Math.floor(200 * next());
  const mark =
    kind === 2
      ? `<rect width="${side / 2}" height="${side / 2}" fill="${colour(30)}"/>`
      : `<circle cx="${side / 2}" cy="${side / 2}" r="${side / 4}" fill="${colour(30)}"/>`;
  return svg(
    `<defs><pattern id="p" width="${side}" height="${side}" patternUnits="userSpaceOnUse">${mark}</pattern></defs><rect width="100%" height="100%" fill="${colour(80)}"/><rect width="100%" height="100%" fill="url(#p)"/>`,
  );
}

/** Cats and dogs on a meadow: two eyes, a nose and ears each, which is what a detector must not take for a person. */
function pets(next: () => number): string {
  const heads = Array.from({ length: 3 + Math.floor(6 * next()) }, () => {
    const r = 60 + 240 * next();
    const [x, y] = [r + next() * (SIDES.width - 2 * r), r + next() * (SIDES.height - 2 * r)];
    const fur = `hsl(${20 + 25 * next()},${20 + 40 * next()}%,${25 + 45 * next()}%)`;
    const ear = (side: number) =>
      next() < 0.5
        ? `<path d="M${side * 0.9} -0.4 L${side * 0.75} -1.25 L${side * 0.2} -0.85 Z" fill="${fur}"/>`
        : `<ellipse cx="${side * 0.95}" cy="-.1" rx=".28" ry=".6" fill="${fur}"/>`;
    const eye = (side: number) =>
      `<ellipse cx="${side * 0.38}" cy="-.15" rx=".17" ry=".14" fill="#e8d27a"/><ellipse cx="${side * 0.38}" cy="-.15" rx=".06" ry=".13" fill="#111"/>`;
    const whiskers = [-0.2, 0, 0.2]
      .map((slope) => `<path d="M.2 .35 L1.2 ${0.3 + slope} M-.2 .35 L-1.2 ${0.3 + slope}"/>`)
      .join('');
    return `<g transform="translate(${x} ${y}) scale(${r})"><ellipse rx="1" ry=".9" fill="${fur}"/>${ear(-1)}${ear(1)}${eye(-1)}${eye(1)}<path d="M-.14 .18 L.14 .18 L0 .34 Z" fill="#3a2a2a"/><path d="M0 .34 Q-.02 .55 -.3 .52 M0 .34 Q.02 .55 .3 .52" stroke="#3a2a2a" stroke-width=".04" fill="none"/><g stroke="#fff" stroke-width=".015">${whiskers}</g></g>`;
  });
  const green = 60 + Math.floor(60 * next());
  return svg(
    `<rect width="100%" height="100%" fill="hsl(${green},45%,45%)"/><rect width="100%" height="40%" fill="hsl(205,60%,75%)"/>${heads.join('')}`,
  );
}
