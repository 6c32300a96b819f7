import { eachTile } from "./tiles.js";
// electron/grouping/product.ts
/** {@link Product} without any library. */
var plainProduct = async (ones, others, size) => {
	const columns = others.length / size;
	const products = new Float32Array(ones.length / size * columns);
	const across = ones === others ? others.subarray() : others;
	eachTile(ones, across, size, (tile, top, rows, left, width) => {
		for (let r = 0; r < rows; r++) for (let c = 0; c < width; c++) products[(top + r) * columns + left + c] = tile[r * 64 + c];
	});
	return products;
};
export { plainProduct };
