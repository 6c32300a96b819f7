// ONNX Runtime's builds for Linux and macOS count what is done with them, write that down under a number for this
// machine, and send it to Microsoft, unless this was said before the first network is opened (onnxruntime#27379). It is
// the environment of the process that counts: a thread can't say it, but whoever starts one can.
process.env.ORT_DISABLE_TELEMETRY = '1';
