// electron/grouping/assign.ts
/**
* The assignment of faces to people that is worth the most: each face to one person or to nobody, each person to one
* face at most. Kuhn's Hungarian method with potentials (Jonker & Volgenant 1987), O(faces² · people).
*
* @param worth worth[face][person]; assigning is optional, so that nothing worth 0 or less is ever assigned
* @returns the person of each face, −1: nobody
*/
function assign(worth) {
	const faces = worth.length;
	const people = worth[0]?.length ?? 0;
	const columns = people + faces;
	const cost = (face, column) => column < people ? -worth[face][column] : 0;
	const u = new Float64Array(faces + 1);
	const v = new Float64Array(columns + 1);
	const owner = new Int32Array(columns + 1);
	const way = new Int32Array(columns + 1);
	for (let face = 1; face <= faces; face++) {
		owner[0] = face;
		const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
		const used = new Uint8Array(columns + 1);
		let column = 0;
		do {
			used[column] = 1;
			const row = owner[column];
			let delta = Number.POSITIVE_INFINITY;
			let next = 0;
			for (let j = 1; j <= columns; j++) {
				if (used[j]) continue;
				const slack = cost(row - 1, j - 1) - u[row] - v[j];
				if (slack < least[j]) {
					least[j] = slack;
					way[j] = column;
				}
				if (least[j] < delta) {
					delta = least[j];
					next = j;
				}
			}
			for (let j = 0; j <= columns; j++) if (used[j]) {
				u[owner[j]] += delta;
				v[j] -= delta;
			} else least[j] -= delta;
			column = next;
		} while (owner[column] !== 0);
		do {
			const before = way[column];
			owner[column] = owner[before];
			column = before;
		} while (column !== 0);
	}
	const result = new Array(faces).fill(-1);
	for (let j = 1; j <= people; j++) {
		const face = owner[j] - 1;
		if (face >= 0 && worth[face][j - 1] > 0) result[face] = j - 1;
	}
	return result;
}
export { assign };
