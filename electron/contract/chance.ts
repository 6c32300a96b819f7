/** A probability for people to read; never 0 % or 100 %, for no comparison of faces is that sure. */
export function chance(probability: number): string {
  if (probability < 0.0001) return 'below 0.01 %';
  if (probability > 0.9999) return 'above 99.99 %';
  return `${(probability * 100).toFixed(2)} %`;
}
