import { catalog } from "../../models/catalog.js";
import { KithError } from "../contract/errors.js";
// electron/service/encoder.ts
/**
* What an encoder's distances mean, as the catalog says.
*
* @throws KithError model-missing for an encoder that this Kith can't run
*/
function calibrationOf(id) {
	const model = Object.entries(catalog).find(([name]) => name === id)?.[1];
	if (model?.task !== "encoder" || model.calibration === void 0) throw new KithError("model-missing", `The encoder ${id} is not among the models that Kith can use`);
	return model.calibration;
}
export { calibrationOf };
