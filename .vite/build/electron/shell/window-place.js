import { z } from "zod";
// electron/shell/window-place.ts
/** In the screen's own points, not pixels. */
var Rectangle = z.object({
	x: z.number().int(),
	y: z.number().int(),
	width: z.number().int().positive(),
	height: z.number().int().positive()
});
var WindowPlace = z.object({
	bounds: Rectangle,
	maximized: z.boolean()
});
/** Where no place is known. */
var FIRST = {
	width: 1280,
	height: 860
};
/** As much of the window's upper edge must be on a screen that a person can take hold of it. */
var HOLD = {
	width: 120,
	height: 32
};
/**
* Where a window opens: where it was, as long as a person can get hold of it there, no larger than the screen that it
* is on; else without a place, so that the system puts it into the middle of its first screen.
* @param areas what is free of each screen, the first one first.
*/
function placeOn(areas, was) {
	const first = areas[0] ?? {
		x: 0,
		y: 0,
		...FIRST
	};
	const screen = was && areas.find((area) => isInReach(area, {
		...was,
		...fitted(was, area)
	}));
	if (!was || !screen) return fitted(was ?? FIRST, first);
	return {
		x: was.x,
		y: was.y,
		...fitted(was, screen)
	};
}
function isInReach(area, { x, y, width }) {
	return Math.min(area.x + area.width, x + width) - Math.max(area.x, x) >= HOLD.width && y >= area.y && y + HOLD.height <= area.y + area.height;
}
function fitted(size, area) {
	return {
		width: Math.min(size.width, area.width),
		height: Math.min(size.height, area.height)
	};
}
export { WindowPlace, placeOn };
