import { KithError } from "../../contract/errors.js";
// electron/service/app/paging.ts
/** One page of a list; the cursor is how many came before. @throws KithError bad-request for a cursor of no list */
function pageOf(cursor, limit, read) {
	const from = cursor === null ? 0 : Number(cursor);
	if (!Number.isInteger(from) || from < 0) throw new KithError("bad-request", `Expected a cursor that a list gave but received ${cursor}`);
	const { items, total } = read(from);
	const end = from + items.length;
	return {
		items,
		next: items.length === limit && end < total ? String(end) : null,
		total
	};
}
export { pageOf };
