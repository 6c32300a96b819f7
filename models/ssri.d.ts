/** The one function of ssri (npm's own reader of integrity strings) that Kith uses; the package ships no types. */
declare module 'ssri' {
  /** False when the bytes do not have the integrity, such as `sha512-…`; else the hash that matched. */
  export function checkData(data: Uint8Array, integrity: string): object | false;
}
