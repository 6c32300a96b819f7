import { openProduct } from '../../electron/service/matrix.ts';

/** Multiplies for all evaluations. */
export const product = await openProduct();
