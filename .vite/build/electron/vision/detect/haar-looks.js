// electron/vision/detect/haar-looks.ts
/**
* Upright cascades lose heads that lean by more than about 15°, so they also look at the photo turned to either side; the
* profile cascade knows faces that look to one side only.
*/
var looksOf = {
	frontal: [
		-22,
		0,
		22
	].map((turn) => ({
		turn,
		mirror: false
	})),
	alt2: [
		-22,
		0,
		22
	].map((turn) => ({
		turn,
		mirror: false
	})),
	profile: [false, true].map((mirror) => ({
		turn: 0,
		mirror
	}))
};
/** Smallest face, in the picture's pixels: the window that the default cascade was trained on. */
var smallest = 24;
/** After pictures of more pixels a cascade rests; for smaller ones, opening it again would take most of the time. */
var smallPicture = 25e4;
/** Ratio of a scale to the next. */
var scaleStep = 1.1;
/** All that all looks see. */
function search(opencv, cascades, picture) {
	return opencv.run((cv, own) => {
		const grey = own(new cv.Mat(picture.height, picture.width, cv.CV_8UC1));
		grey.data.set(picture.pixels);
		cv.equalizeHist(grey, grey);
		return Object.keys(cascades).flatMap((name) => lookWith(opencv, cascades[name], looksOf[name], grey));
	});
}
function lookWith(opencv, cascade, looks, grey) {
	const sightings = looks.flatMap((look) => opencv.run((cv, own) => {
		const { seen, back } = view(cv, own, grey, look);
		return sight(cv, own, cascade.classifier(), seen).map(({ box, windows }) => ({
			look,
			box: back(box),
			windows
		})).filter(({ box }) => isInside(box, grey));
	}));
	if (grey.rows * grey.cols > smallPicture) cascade.rest();
	return sightings;
}
/** The picture as a look sees it, and the way back for boxes. */
function view(cv, own, grey, { turn, mirror }) {
	if (turn !== 0) return turned(cv, own, grey, turn * Math.PI / 180);
	if (!mirror) return {
		seen: grey,
		back: (box) => box
	};
	const seen = own(new cv.Mat());
	cv.flip(grey, seen, 1);
	return {
		seen,
		back: (box) => ({
			...box,
			x: grey.cols - box.x - box.width
		})
	};
}
/** Turned about its centre on a canvas that holds all of it; boxes come back upright about their turned centres. */
function turned(cv, own, grey, angle) {
	const cos = Math.cos(angle);
	const sin = Math.sin(angle);
	const from = {
		x: grey.cols / 2,
		y: grey.rows / 2
	};
	const width = Math.ceil(grey.cols * cos + grey.rows * Math.abs(sin));
	const height = Math.ceil(grey.cols * Math.abs(sin) + grey.rows * cos);
	const to = {
		x: width / 2,
		y: height / 2
	};
	const rows = [
		cos,
		sin,
		to.x - cos * from.x - sin * from.y,
		-sin,
		cos,
		to.y + sin * from.x - cos * from.y
	];
	const transform = own(cv.matFromArray(2, 3, cv.CV_64FC1, rows));
	const seen = own(new cv.Mat());
	const size = new cv.Size(width, height);
	cv.warpAffine(grey, seen, transform, size, cv.INTER_LINEAR, cv.BORDER_CONSTANT, new cv.Scalar(128));
	const back = (box) => {
		const x = box.x + box.width / 2 - to.x;
		const y = box.y + box.height / 2 - to.y;
		return {
			...box,
			x: cos * x - sin * y + from.x - box.width / 2,
			y: sin * x + cos * y + from.y - box.height / 2
		};
	};
	return {
		seen,
		back
	};
}
function sight(cv, own, cascade, seen) {
	const boxes = own(new cv.RectVector());
	const windows = own(new cv.IntVector());
	const agreeing = 1;
	const anySize = new cv.Size(0, 0);
	const from = new cv.Size(smallest, smallest);
	cascade.detectMultiScale2(seen, boxes, windows, scaleStep, agreeing, 0, from, anySize);
	return Array.from({ length: boxes.size() }, (_, index) => {
		const { x, y, width, height } = boxes.get(index);
		return {
			box: {
				x,
				y,
				width,
				height
			},
			windows: windows.get(index)
		};
	});
}
/** Whether a box's centre lies on the picture, not on the canvas around it. */
function isInside(box, { cols: width, rows: height }) {
	const x = box.x + box.width / 2;
	const y = box.y + box.height / 2;
	return x >= 0 && y >= 0 && x <= width && y <= height;
}
export { search };
