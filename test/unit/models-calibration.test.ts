import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EncoderKey } from '../../electron/contract/ids.ts';
import { calibrationFor, writeCalibration } from '../../models/calibration.ts';

const weights = '0123456789abcdef'.repeat(4);
const key = EncoderKey.parse(`arcface-512@${weights}`);
const figures = { intercept: 8, slope: -100, link: 5, founder: 0.1 };
const measured = {
  pairs: { genuine: 3, impostor: 5 },
  distances: { step: 0.02, genuine: [3], impostor: [0, 5], command: 'made up', source: 'nothing' },
};

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'kith-calibration-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

describe('the calibration beside weights of the user', () => {
  it('is read as it was written', async () => {
    const place = await folder();
    const match = { intercept: -9, slope: 14, lead: 4, inCluster: 1 };
    const calibration = { ...figures, qualitySlope: -2, match };
    await writeCalibration({ id: 'arcface-512', weights }, { calibration, ...measured }, place);
    expect(calibrationFor(key, [place])).toEqual(calibration);
  });

  it('is also read from a file of the first versions, which call two numbers otherwise', async () => {
    const place = await folder();
    const former = { ...figures, doubt: -2, match: { intercept: -9, slope: 14, lead: 4, mate: 1 } };
    const text = JSON.stringify({ kith: 1, calibration: former, ...measured });
    await writeFile(join(place, 'arcface-512.0123456789abcdef.calibration.json'), text);
    expect(calibrationFor(key, [place])).toEqual({
      ...figures,
      ...{ qualitySlope: -2, match: { intercept: -9, slope: 14, lead: 4, inCluster: 1 } },
    });
  });
});
