/** To what longest side, in pixels, photos are decoded before faces are looked for: Kith's default. */
export const LONGEST_SIDE = 1600;
