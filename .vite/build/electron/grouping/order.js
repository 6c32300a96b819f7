// electron/grouping/order.ts
/**
* Rows in an order that depends on their content alone: those that may found a group first, then by vector, quality
* and photo. Clustering works in this order, so that handing the same faces in differently cannot change a tie or
* a rounding.
*
* @param founder least quality of a face that may found a group
* @returns the row at each place
*/
function canonicalOrder({ vectors, size, photo, quality }, founder) {
	return Int32Array.from({ length: photo.length }, (_, i) => i).sort((a, b) => {
		const founders = Number(quality[b] >= founder) - Number(quality[a] >= founder);
		if (founders !== 0) return founders;
		for (let i = 0; i < size; i++) {
			const difference = vectors[a * size + i] - vectors[b * size + i];
			if (difference !== 0) return difference;
		}
		return quality[a] - quality[b] || photo[a] - photo[b];
	});
}
export { canonicalOrder };
