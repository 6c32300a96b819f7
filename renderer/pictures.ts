/** Address of a face's crop. */
export const faceSource = (id: number): string => `face/${id}`;

/** Address of a photo. @param size longest side in pixels */
export const photoSource = (id: number, size: number): string => `photo/${id}?size=${size}`;
