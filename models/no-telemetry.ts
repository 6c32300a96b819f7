// ONNX Runtime's builds for Linux and macOS count how they are used, under a number for this machine, and send that to
// Microsoft, unless this variable is set before the first network is opened (onnxruntime#27379). Only the environment of
// the process counts: a thread can't set it, so the process sets it before it starts one.
process.env.ORT_DISABLE_TELEMETRY = '1';
