import './no-telemetry.ts';

/** ONNX Runtime, silenced: the only way by which anything of Kith comes to it. */
export { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
