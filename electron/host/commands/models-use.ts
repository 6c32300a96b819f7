import { type Command, InvalidArgumentError } from 'commander';
import { encoderIds, modelNamed } from '../../../models/catalog.ts';
import { DetectorId, EncoderId } from '../../contract/ids.ts';
import { type End, Exit, print, printJson } from '../output.ts';

type Choice = DetectorId | EncoderId | 'default';

export function addUseModel(models: Command, end: End): void {
  models
    .command('use')
    .argument('<id>', `${[...encoderIds, ...DetectorId.options].join(', ')}, or default`, choice)
    .summary('choose the encoder or the detector that is used from now on')
    .description(
      'Chooses the encoder or the detector that commands use when they are told of none. The next "kith group" brings the library over: faces keep their ids and their groups until the last one is done. "default" leaves the choice to Kith: FaceNet and YuNet where they are installed, otherwise what comes with Kith.',
    )
    .addHelpText(
      'after',
      `
Examples:
  kith models use facenet
  kith models use yunet
  kith models use default`,
    )
    .action(async (id: Choice, _: unknown, command: Command) =>
      end(await use(id, command.optsWithGlobals<{ json?: boolean }>().json === true)),
    );
}

async function use(id: Choice, json: boolean): Promise<Exit> {
  const { chooseModel, forgetChoice, modelsInUse } = await import('../../../models/choice.ts');
  if (id === 'default') await forgetChoice();
  else await chooseModel(id);
  const inUse = await modelsInUse();
  if (json) await printJson({ inUse });
  else await print(`In use from now on: detector ${inUse.detector}, encoder ${inUse.encoder}.`);
  return Exit.done;
}

function choice(name: string): Choice {
  const id = modelNamed(name) ?? name.toLowerCase();
  for (const ids of [EncoderId, DetectorId]) {
    const { success, data } = ids.safeParse(id);
    if (success) return data;
  }
  if (id === 'default') return id;
  throw new InvalidArgumentError(
    `Expected an encoder (${encoderIds.join(', ')}, or two that you joined), a detector (${DetectorId.options.join(', ')}) or default.`,
  );
}
