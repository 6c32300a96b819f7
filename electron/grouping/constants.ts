/**
 * Every number that decides how faces are grouped or matched, in one place, in the order in which the engine uses them.
 * Each comment ends with the number's unit and its source: a paper, a bound (why it can hardly matter), a sweep, or "chosen
 * by hand". `npm run eval -- sweep <NAME>` prints what other values of a number cost and gain, and puts that into
 * docs/engine.md. What an encoder's distances mean is not here but beside each encoder, in models/known-encoders.ts.
 */

// Poor faces. Below which quality a face is poor stands beside each encoder (`founder`).

/**
 * Evidence that a poor face must show beyond others: QUALITY_PENALTY just below the quality of a good one,
 * MOST_QUALITY_PENALTY at quality 0. Blur is similar to blur, whoever is blurred, and encoders do not say so. Unit: natural
 * log-odds. Source: sweep.
 */
export const QUALITY_PENALTY = 2;
export const MOST_QUALITY_PENALTY = 8;

// The graph of nearest neighbours.

/**
 * Neighbours that the k-NN graph keeps of each face: three times as many as matching uses, so that it can pass some over.
 * Unit: faces. Source: bound; beyond it a neighbour is on no path that matching follows.
 */
export const GRAPH_DEGREE = 32;

/**
 * Neighbours on other photos by way of which a face may be found. Unit: faces. Source: sweep.
 */
export const NEIGHBOURS_PER_FACE = 10;

/**
 * Squared length, of 1, that a packed vector may lose: no dot product is off by more. Unit: squared length. Source: bound;
 * a hundredth of what the third digit of a distance is.
 */
export const PACKING_LOSS = 2e-5;

// Score normalisation (adaptive symmetric normalisation; Matějka et al. 2017).

/** Clusters of the cohort, at most. Unit: clusters. Source: sweep; more cost time and change the third digit. */
export const COHORT_SIZE = 2000;

/** Share of the cohort that is near to a face. Unit: share. Source: sweep. */
export const COHORT_NEAREST_SHARE = 0.01;

/** Near clusters, at least: a mean of one or two is noise. Unit: clusters. Source: chosen by hand. */
export const COHORT_LEAST_NEAREST = 5;

/**
 * Nearest clusters that do not count, since they may be the face's own person, not yet joined. Unit: clusters. Source:
 * sweep.
 */
export const COHORT_SKIPPED = 2;

/** Clusters with which an offset is believed by half; with fewer it is believed less. Unit: clusters. Source: sweep. */
export const COHORT_HALF_WEIGHT = 100;

/**
 * Share of a face's mean similarity to its nearest cohort that is taken off its similarities. Unit: share. Source: sweep;
 * best on LFW between 0.35 and 0.65, where it hardly matters.
 */
export const NORMALISATION_STRENGTH = 0.5;

// Clustering.

/**
 * Evidence from which two faces are versions of one photo. Of copies and edits of LFW's photos 19 in 20 show as much, of
 * other photos of the same person 1 in 100, of two people none. Unit: natural log-odds. Source: sweep.
 */
export const VERSION_EVIDENCE = 19;

/**
 * Evidence that two faces in a sparse neighbourhood may lack, at most; on LFW 1 face in 200 would lack more. Unit: natural
 * log-odds. Source: sweep.
 */
export const MOST_LENIENCE = 4;

/**
 * Links that each cluster keeps while clusters are merged. Unit: clusters. Source: bound; a cluster whose list runs empty
 * is looked up again.
 */
export const LINKS_PER_GROUP = 32;

/**
 * Faces that each part of a split cluster has, at least: a face or two on their own are as likely a bad photo as somebody
 * else. Unit: faces. Source: chosen by hand.
 */
export const LEAST_SIDE = 3;

/**
 * Evidence by which each part must hold together better than both do, in large clusters; SPLIT_EVIDENCE_SMALL over the
 * faces of the smaller part comes on top, since few distances are much by chance. Unit: natural log-odds. Source: sweep,
 * and `npm run eval -- near`.
 */
export const SPLIT_EVIDENCE = 4;
export const SPLIT_EVIDENCE_SMALL = 6;

/**
 * Ashman's D from which two parts are two people (Ashman, Bird & Zepf 1994). Two means make parts of D = 2.7 of one normal
 * cloud, 3.5 of an even stretch (one child growing up), mostly above 6 of mixtures on LFW. Unit: standard deviations.
 * Source: sweep.
 */
export const ASHMAN_D = 5;

/**
 * What the offset of a new face may be off by before all faces are grouped anew. Unit: natural log-odds. Source: chosen by
 * hand.
 */
export const NEWCOMER_SLACK = 0.5;

// Matching.

/**
 * Share of the template score that the similarity to the centroid of a person's examples has; half of the rest has the best
 * example, half the mean of the three best. Unit: share. Source: sweep.
 */
export const CENTROID_WEIGHT = 0.5;

/**
 * Examples of a person that are compared one by one; with more the best of them says less, since every face is like one of a
 * thousand. Unit: faces. Source: sweep.
 */
export const EXAMPLES_COMPARED = 32;

/**
 * Faces that are compared with single examples: this share of all, those most like the centroid. Unit: share. Source: bound;
 * a face further off that is like one example is found by a path.
 */
export const COMPARED_SHARE = 1 / 16;

/** And so many times as many as there are examples, at least. Unit: faces. Source: bound, as above. */
export const COMPARED_PER_EXAMPLE = 2;

/** And so many, at least. Unit: faces. Source: bound, as above. */
export const LEAST_COMPARED = 4096;

/** Links of a minimax path beyond the first. Unit: links. Source: sweep. */
export const PATH_LENGTH = 2;

/** Share of a face's similarity that its best path has; the rest is its own score. Unit: share. Source: sweep. */
export const PATH_WEIGHT = 0.7;

/**
 * Share of its lead over the mean of its cluster that a face loses. Unit: share. Source: sweep.
 */
export const CONSENSUS_WEIGHT = 0.5;

/** People who may be candidates of one face. Unit: people. Source: bound; the fifth is never the one who is right on LFW. */
export const CANDIDATES_PER_FACE = 4;

/** People whose scores are kept for each face, so that a label changes little. Unit: people. Source: bound; speed only. */
export const RANK_LIST_LENGTH = 16;

/** Lead over the next person beyond which more says nothing. Unit: similarity. Source: sweep. */
export const MARGIN_CAP = 0.2;

/** Fewer people than this count as so many: there are always strangers without a name. Unit: people. Source: chosen by hand. */
export const LEAST_GALLERY_SIZE = 8;

/**
 * People who may be like a face by chance, for each person in the library, named or not. The calibrations were fitted where
 * 774 of 2,086 had a name (`npm run eval -- people`), and mean this many. Unit: share. Source: that fit.
 */
export const ENROLLED_SHARE = 774 / 2086;

/**
 * Share of the evidence of a lead that tells between a face's two best people. Of two who are as similar at most one is
 * right, which the calibration can't know: such ties are rare where it was fitted, and are what siblings are. Unit: share.
 * Source: sweep; the steepest that loses no right name on LFW.
 */
export const TIE_STEEPNESS = 2;

/**
 * Log-odds below which a candidate is worth nothing where the people of one photo are assigned together. Unit: natural
 * log-odds. Source: bound; nobody so unlikely is ever shown.
 */
export const LEAST_ASSIGNED = -12;

/**
 * How much likelier to be wrong than the whole a single *sure* name may be. Unit: ratio. Source: sweep.
 */
export const WORST_SURE = 10;

/** Probability below which a face is no suggestion for a cluster. Unit: probability. Source: `npm run eval -- album`. */
export const LEAST_SUGGESTED = 0.1;

/**
 * Faces of a cluster from which on its person is elsewhere as often as matching thinks; of smaller ones the odds are less in
 * proportion. Unit: faces. Source: `npm run eval -- album`.
 */
export const FULL_CREDIT_SIZE = 30;

// Self-calibration.

/** Pairs of each kind that the catalog's fit weighs as much as. Unit: pairs. Source: sweep. */
export const CATALOG_PAIRS = 300;

/** Independent pairs without which nothing is said of a library. Unit: pairs. Source: chosen by hand. */
export const LEAST_PAIRS = 30;

/**
 * How far the distance at even odds may move, as a share of itself. People who are on one photo together may be a family,
 * and most others of the library are not: with twice as much, look-alikes gained less in precision than they lost in recall
 * (`npm run eval -- near`). Unit: share. Source: sweep.
 */
export const MOST_CALIBRATION_SHIFT = 0.025;

/** Standard errors from which a shift is no chance. Unit: standard errors. Source: convention, 95 %. */
export const BEYOND_CHANCE = 2;

// Stacks: photos that are versions of one.

/**
 * Bits by which the dHash of two photos of one moment may differ. Unit: bits of 64. Source: `npm run eval -- imports`, the
 * library of copies.
 */
export const SAME_LOOK = 12;

/** The same where they are darker or lighter than each other or turned grey, which dHash hardly sees. Unit: bits of 64. Source: as above. */
export const EVEN_SAME_LOOK = 6;
