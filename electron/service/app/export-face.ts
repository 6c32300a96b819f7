import type { FaceId } from '../../contract/ids.ts';
import type { KnownFace } from '../../contract/vision.ts';
import type { CropFace } from '../../export/crops.ts';
import type { RecordedPhoto } from '../../library/photo-cards.ts';

/** A face as it was when its export began. */
export interface ToWrite extends CropFace {
  id: FaceId;
  /** How it was detected. */
  known: KnownFace;
  recorded: RecordedPhoto;
}
