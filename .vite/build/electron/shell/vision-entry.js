import "./sharp-on-linux.js";
import "../vision/worker.js";
export {};
