/**
 * Every number that decides how faces are grouped or matched, in one place, in the order in which the engine uses them.
 * Each comment ends with the number's unit and its source: a paper, a bound (why it can hardly matter), a sweep, or
 * "chosen by hand". `npm run eval -- sweep <NAME>` prints what other values of a number cost and gain;
 * docs/engine.md keeps the last tables. What an encoder's distances mean is not here but beside each encoder, in models/known-encoders.ts.
 */

// Poor faces. The quality below which a face is poor (`founder`) is beside each encoder.

/**
 * Evidence that a poor face must show in addition: QUALITY_PENALTY just below the quality of a good one,
 * MOST_QUALITY_PENALTY at quality 0. Blurred faces are similar to each other whoever they are, and encoders do not
 * tell. Unit: natural log-odds. Source: sweep.
 */
export const QUALITY_PENALTY = 2;
export const MOST_QUALITY_PENALTY = 8;

// Ages. How an encoder sees children is beside each encoder, in models/cards.

/**
 * How far a child's embedding is aligned with those of grown-ups: 1, all the way; 0, not at all. Unit: share. Source:
 * Sun et al. 2016 (CORAL), whose alignment is whole; `eval -- ablate` has what it gains.
 */
export const AGE_ALIGNMENT = 1;

// The graph of nearest neighbours.

/**
 * Neighbours of each face in the k-NN graph: three times as many as matching uses, since it skips those on the same
 * photo. Unit: faces. Source: bound; a neighbour beyond it is on no path that matching follows.
 */
export const GRAPH_DEGREE = 32;

/**
 * Neighbours of each face, on other photos, that minimax paths use. Unit: faces. Source: sweep.
 */
export const NEIGHBOURS_PER_FACE = 10;

/**
 * Squared length, of 1, that a packed vector may lose: no dot product changes by more. Unit: squared length. Source:
 * bound; a hundredth of the third digit of a distance.
 */
export const PACKING_LOSS = 2e-5;

// Score normalisation (adaptive symmetric normalisation; Matějka et al. 2017).

/** Clusters in the cohort, at most. Unit: clusters. Source: sweep; more cost time and change the third digit. */
export const COHORT_SIZE = 2000;

/**
 * Share of the cohort, the nearest clusters, of which a face's mean similarity is taken. Unit: share. Source: sweep.
 */
export const COHORT_NEAREST_SHARE = 0.01;

/** And so many clusters at least, since a mean of one or two is noise. Unit: clusters. Source: chosen by hand. */
export const COHORT_LEAST_NEAREST = 5;

/**
 * Nearest clusters that do not count, since they may be the face's own person, not yet merged. Unit: clusters. Source:
 * sweep.
 */
export const COHORT_SKIPPED = 2;

/**
 * Size of the cohort at which offsets have half of their weight; a smaller cohort gives less. Unit: clusters. Source:
 * sweep.
 */
export const COHORT_HALF_WEIGHT = 100;

/**
 * Share of a face's mean similarity to its nearest cohort that is subtracted from its similarities. Unit: share.
 * Source: sweep; best on LFW between 0.35 and 0.65, where it hardly matters.
 */
export const NORMALISATION_STRENGTH = 0.5;

/** Clusters of the catalog's cohort to which a face's mean similarity is taken. Unit: clusters. Source: chosen by hand. */
export const CATALOG_NEAREST = 10;

/**
 * Share of that mean that is subtracted where the library has no cluster; {@link COHORT_HALF_WEIGHT} says how fast it
 * vanishes. Unit: share. Source: logistic regression on the libraries of `npm run eval -- reliability`, 0.55 to 0.75.
 */
export const CATALOG_STRENGTH = 0.65;

/**
 * Clusters from which the mean similarity of a library's people has half of its weight. Unit: clusters. Source: as above;
 * between 5 and 40 it hardly matters.
 */
export const LEVEL_HALF_WEIGHT = 15;

// Clustering.

/**
 * Evidence from which two faces are versions of one photo. 19 in 20 copies and edits of LFW's photos show as much, 1 in
 * 100 other photos of the same person, and no photos of two people. Unit: natural log-odds. Source: sweep.
 */
export const VERSION_EVIDENCE = 19;

/**
 * Evidence that two faces with low normalisation offsets may lack, at most; on LFW 1 face in 200 would lack more. Unit:
 * natural log-odds. Source: sweep.
 */
export const MOST_LENIENCE = 4;

/**
 * Evidence that two children's faces must show in addition to come into one cluster, in proportion to how surely both are
 * children's. Unit: natural log-odds. Source: `npm run eval -- near`; twice as much costs children B-cubed F.
 */
export const CHILDREN_EVIDENCE = 1;

/**
 * Candidates in the list of each cluster after it was compared with all. Unit: clusters. Source: bound; a cluster whose
 * list does not suffice is compared with all again.
 */
export const LINKS_PER_GROUP = 32;

/**
 * Faces in each part of a split cluster, at least: one or two faces are as likely bad photos as another person. Unit:
 * faces. Source: chosen by hand.
 */
export const LEAST_SIDE = 3;

/**
 * Evidence within each part must exceed the evidence between both parts by SPLIT_EVIDENCE, plus SPLIT_EVIDENCE_SMALL
 * divided by the number of faces in the smaller part, since the mean of few distances is less certain. Unit: natural
 * log-odds. Source: sweep, and `npm run eval -- near`.
 */
export const SPLIT_EVIDENCE = 4;
export const SPLIT_EVIDENCE_SMALL = 6;

/**
 * Ashman's D from which two parts are two people (Ashman, Bird & Zepf 1994). Two-means gives D = 2.7 for one normal
 * distribution, 3.5 for a uniform one (one child growing up), and mostly above 6 for mixtures on LFW. Unit: standard
 * deviations. Source: sweep.
 */
export const ASHMAN_D = 5;

/**
 * Evidence that a face may lack and still count as near a new face, since the new face's offset is only estimated.
 * Unit: natural log-odds. Source: chosen by hand.
 */
export const NEWCOMER_SLACK = 0.5;

// Matching.

/** Links of a minimax path between faces, before the one to the person. Unit: links. Source: sweep. */
export const PATH_LENGTH = 2;

/** Weight of the best path in a face's similarity; its own template score has the rest. Unit: share. Source: sweep. */
export const PATH_WEIGHT = 0.7;

/**
 * Share that a face loses of its lead over the mean of its cluster. Unit: share. Source: sweep.
 */
export const CONSENSUS_WEIGHT = 0.5;

/** Candidates of one face, at most. Unit: people. Source: bound; on LFW the fifth is never the correct one. */
export const CANDIDATES_PER_FACE = 4;

/** People in the rank list of each face, so that a label changes little. Unit: people. Source: bound; speed only. */
export const RANK_LIST_LENGTH = 16;

/** Lead over the next person from which a larger lead adds no evidence. Unit: similarity. Source: sweep. */
export const MARGIN_CAP = 0.2;

/**
 * A library is taken to have so many people more than it shows, each with so many faces beside the first. Unit: people;
 * faces. Source: likelihood on the libraries of `npm run eval -- reliability`, where it hardly depends on either.
 */
export const PRIOR_PEOPLE = 3;
export const PRIOR_FURTHER_FACES = 0.3;

/** Strangers' faces beyond those that the library shows. Unit: faces. Source: as above. */
export const PRIOR_STRANGERS = 3;

/** Share of the faces without a label that are strangers', at least. Unit: share. Source: chosen by hand. */
export const LEAST_STRANGERS = 0.2;

/**
 * Steps of the logarithm of the effective gallery size, so that in a large library hardly a label changes it. Unit:
 * natural log-odds. Source: bound; no probability changes by more than 2.5 points.
 */
export const GALLERY_STEP = 0.1;

/**
 * Steepness of the penalty for a tie between a face's two best people, relative to the slope of the calibration. At
 * most one of two equally similar people is right. The calibration can't show that: such ties are rare in its data, but
 * common among siblings. Unit: ratio. Source: sweep; the steepest that loses no correct name on LFW.
 */
export const TIE_STEEPNESS = 2;

/**
 * Evidence from which the examples of two people are near each other. Unit: natural log-odds. Source: bound; at 0 the
 * calibration holds two such faces for one person as likely as for two.
 */
export const NEAR_EVIDENCE = 0;

/**
 * Lead, times the slope of the calibration, from which a face is told apart from a near person. Unit: natural log-odds.
 * Source: `npm run eval -- near`; of 5,505 faces of LFW and LAG that have a near person, none is that far ahead wrongly.
 */
export const NEAR_LEAD = 5;

/**
 * How fast, below that, the log-odds of one of two near people against the other grow with the lead, relative to the slope
 * of the calibration. Unit: ratio. Source: bound; `npm run eval -- near` measures 1.5 to 2.5, but steeper than this, a face
 * below NEAR_LEAD could be *sure*.
 */
export const NEAR_STEEPNESS = 0.9;

/**
 * Two people are offered as one from as much evidence as the logarithm of the number of pairs less ALIKE_RARITY, at least
 * ALIKE_LEAST: about one pair of a library is offered wrongly. Unit: natural log-odds. Source: `npm run eval -- doubles`; of
 * pairs of different people, 1 in e^(5 + b) show more evidence than b.
 */
export const ALIKE_RARITY = 5;
export const ALIKE_LEAST = 1;

/** Ages between which a person stops looking like a child. Unit: years. Source: `npm run eval -- ages dates`; 8 does as well. */
export const AGES_OF_GROWING_UP: readonly [from: number, to: number] = [12, 20];

/** Years around the dated examples within which somebody grows up whose birth is not known. Unit: years. Source: bound. */
export const YEARS_UNKNOWN: readonly [before: number, after: number] = [70, 18];

/** Share of faces that surely look grown up, or like a child, and are not. Unit: share. Source: `npm run eval -- ages dates`. */
export const LOOK_DOUBT = 0.05;

/**
 * Probability of a face's look on the day of its photo from which dates take nothing away. Unit: probability. Source: `npm run
 * eval -- ages dates`; with 0.5, people known grown up lose 2 points of DIR, with 0.125 a contradiction weighs half as much.
 */
export const ENOUGH_AGREEMENT = 0.25;

/** Share of photos with a wrong date, such as scans: it bounds what dates say to 3 log-odds. Unit: share. Source: chosen by hand. */
export const DATE_DOUBT = 0.05;

/**
 * Log-odds below which a candidate has no worth in the assignment of a photo's people. Unit: natural log-odds. Source:
 * bound; such an unlikely candidate is never shown.
 */
export const LEAST_ASSIGNED = -12;

/**
 * How much likelier to be wrong a single *sure* name may be than all of them on average. Unit: ratio. Source: sweep.
 */
export const WORST_SURE = 10;

/**
 * Probability below which a face is no suggestion for a cluster. Unit: probability. Source: `npm run eval -- album`.
 */
export const LEAST_SUGGESTED = 0.1;

/**
 * Faces of a cluster from which its suggestions have the full odds of matching; a smaller cluster has lower odds in
 * proportion. Unit: faces. Source: `npm run eval -- album`.
 */
export const FULL_CREDIT_SIZE = 30;

// Questions.

/**
 * Faces that an answer must be expected to name for its question to be asked; below it, the review has ended and shows
 * what is left as a list. On the album, of 156 questions about faces that are rather somebody's 17 named one, of 599 below
 * it three did. Unit: faces for each action. Source: `npm run eval -- album`, answered to its end.
 */
export const WORTH_ASKING = 0.5;

/**
 * Share of the right offers that a user leaves unticked: what was offered as somebody and not ticked has so much lower odds of
 * being that person. Unit: ratio. Source: chosen by hand.
 */
export const OVERLOOKED = 0.1;

/**
 * How far the log-odds of lone faces may be off in a library before anything is answered about them: its passers-by are more or
 * fewer than those of the libraries that matching was fitted on. Unit: natural log-odds, standard deviation. Source: chosen by
 * hand; `npm run eval -- stories` says what it saves.
 */
export const ANSWER_DEVIATION = 2;

// Self-calibration.

/** Weight of the catalog's pairs of each kind, in pairs of the library. Unit: pairs. Source: sweep. */
export const CATALOG_PAIRS = 300;

/** Independent pairs below which a library keeps the catalog's calibration. Unit: pairs. Source: chosen by hand. */
export const LEAST_PAIRS = 30;

/**
 * How far the distance at even odds may move, as a share of itself. People on one photo may be a family; most other
 * people of the library are not. With twice as much, look-alikes gained less in precision than they lost in recall
 * (`npm run eval -- near`). Unit: share. Source: sweep.
 */
export const MOST_CALIBRATION_SHIFT = 0.025;

/** Standard errors from which a shift is more than chance. Unit: standard errors. Source: convention, 95 %. */
export const BEYOND_CHANCE = 2;

// Stacks: photos that are versions of one.

/**
 * Bits by which the difference hashes of two versions of a photo may differ. Unit: bits of 64. Source: `npm run eval --
 * imports`, the library of copies.
 */
export const SAME_LOOK = 12;

/**
 * The same where the faces need not be similar: copies that are darker, lighter or grey hardly change the hash. Unit:
 * bits of
 * 64. Source: as above.
 */
export const EVEN_SAME_LOOK = 6;
