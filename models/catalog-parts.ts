import type { ImageInput } from './model.ts';

// What several models of the catalog have in common.

export const faceApi = {
  kind: 'npm',
  package: '@vladmandic/face-api@1.7.15',
  integrity:
    'sha512-WDMmK3CfNLo8jylWqMoQgf4nIst3M0fzx1dnac96wv/dvMTN4DxC/Pq1DGtduDk1lktCamQ3MIDXFnvrdHTXDw==',
} as const;

export const rgbSquare = (side: number): ImageInput => ({
  name: 'image',
  side,
  layout: 'nhwc',
  type: 'uint8',
  colour: 'rgb',
  range: 'pixels',
});
