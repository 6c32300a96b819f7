import { MetadataPlace as Place } from '../../electron/contract/metadata.ts';
import { createApp } from '../../electron/service/app/create.ts';

/** A process that opens a library, says that it has, and writes names of a folder, or takes that back, to be killed. */
const [libraryFile = '', path = '', name, into] = process.argv.slice(2);
const app = await createApp({ libraryFile, detector: 'ssd', encoder: 'dlib' });
process.send!('ready');
if (name === 'undo') await app.call('metadata.undo', {});
else await app.call('metadata.write', { path, into: Place.parse(into) });
process.send!('done');
await app.close();
process.disconnect();
