// What a vision process of Electron runs.
import './sharp-on-linux.ts';
import '../vision/worker.ts';
