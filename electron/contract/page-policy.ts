/**
 * What the page may load and do, in every shell: its own files and pictures, nothing inline, nothing evaluated. Sources by
 * directive of the Content-Security-Policy, in camel case.
 */
export const PAGE_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  // One declaration of bits-ui's, `display: contents;`, and no other.
  styleSrcAttr: ["'unsafe-hashes'", "'sha256-iaOezIDcQIoxCULa6FBKKuLUu09R7kG+Mlu+JVfU3Rw='"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  workerSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};
