import { photoSource } from '../pictures.ts';

/** Longest sides that are asked for, in pixels: few, so that a browser's store has them again. */
const SIDES = [800, 1600, 2400, 4800, 8192] as const;
/** The sharpest before somebody comes closer. */
const FIRST = 2400;

/** A photo's picture, as sharp as it is looked at: a sharper one takes the place of what is shown once it is there. */
export class SharpPicture {
  source = $state<string | null>(null);
  /** It could not be shown: the file is gone, most likely. */
  failed = $state(false);
  readonly #photo: number;
  #side = 0;
  #first = 0;
  #coming: HTMLImageElement | null = null;
  #ahead: HTMLImageElement[] = [];

  constructor(photo: number) {
    this.#photo = photo;
  }

  /**
   * @param fitting longest side at which all of it is seen, in pixels of the screen
   * @param zoom how much closer one is than that
   * @param longest the photo's own longest side; nothing is sharper than that
   */
  want(fitting: number, zoom: number, longest: number): void {
    const wanted = zoom > 1.1 ? fitting * zoom : Math.min(fitting, FIRST);
    const enough = Math.min(wanted, longest);
    const side = SIDES.find((side) => side >= enough) ?? SIDES.at(-1)!;
    if (side <= this.#side) return;
    this.#side = side;
    if (this.#first === 0) this.#first = SIDES.find((side) => side >= Math.min(fitting, FIRST))!;
    void this.#load(photoSource(this.#photo, side));
  }

  retry(): void {
    const side = this.#side;
    this.failed = false;
    if (side > 0) void this.#load(photoSource(this.#photo, side));
  }

  /** Lets the browser have pictures of other photos ready, at the size that is seen first. */
  fetchAhead(photos: readonly (number | null)[]): void {
    if (this.#ahead.length > 0 || this.#first === 0) return;
    for (const photo of photos) {
      if (photo === null) continue;
      const image = new Image();
      image.src = photoSource(photo, this.#first);
      this.#ahead.push(image);
    }
  }

  /** Gives up what is on its way. */
  stop(): void {
    for (const image of [this.#coming, ...this.#ahead])
      if (image && !image.complete) image.removeAttribute('src');
    this.#coming = null;
    this.#ahead = [];
  }

  async #load(source: string): Promise<void> {
    this.#coming?.removeAttribute('src');
    const image = new Image();
    this.#coming = image;
    image.src = source;
    try {
      await image.decode();
      if (this.#coming === image) this.source = source;
    } catch {
      if (this.#coming === image && this.source === null) this.failed = true;
    }
  }
}
