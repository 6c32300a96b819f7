// electron/grouping/calibrate.ts
/** Log of the likelihood ratio "one person" against "two people"; 0 when the pair tells nothing. */
function evidence(distance, qualityA, qualityB, by) {
	return by.intercept + by.slope * distance + by.doubt * (1 - Math.min(qualityA, qualityB));
}
/**
* Probability, 0..1, that two faces are one person.
*
* @param prior share of the pairs met in this place that are one person: 0.5 for two pictures that somebody
*   chose to compare
*/
function probability(distance, qualityA, qualityB, by, prior = .5) {
	return sigmoid(evidence(distance, qualityA, qualityB, by) + logit(prior));
}
/** The distance at which {@link probability} is `wanted` (0..1, exclusive): its inverse. May lie below 0. */
function distanceAt(wanted, qualityA, qualityB, by, prior = .5) {
	return (logit(wanted) - logit(prior) - evidence(0, qualityA, qualityB, by)) / by.slope;
}
function sigmoid(z) {
	return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
function logit(p) {
	return Math.log(p) - Math.log1p(-p);
}
export { distanceAt, evidence, probability };
