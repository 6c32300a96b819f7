import { type Command, InvalidArgumentError } from 'commander';
import { encoderIds, modelNamed } from '../../../models/catalog.ts';
import { DetectorId, EncoderId } from '../../contract/ids.ts';
import { ProviderChoice } from '../../contract/vision.ts';
import { type End, Exit, print, printJson } from '../output.ts';

type Choice = DetectorId | EncoderId | ProviderChoice | 'default';

export function addUseModel(models: Command, end: End): void {
  models
    .command('use')
    .argument(
      '<id>',
      `${[...encoderIds, ...DetectorId.options, ...ProviderChoice.options].join(', ')}, or default`,
      choice,
    )
    .summary('choose the encoder, the detector or the graphics card that is used from now on')
    .description(
      'Chooses the encoder or the detector that commands use when they are told of none. The next "kith group" brings the library over: faces keep their ids and their groups until the last one is done. "default" leaves the choice to Kith: FaceNet and YuNet where they are installed, otherwise what comes with Kith. cuda, dml (DirectML), coreml, webgpu and auto let a graphics card compute from the next start on, where its results are those of the processor; cpu lets the processor.',
    )
    .addHelpText(
      'after',
      `
Examples:
  kith models use facenet
  kith models use yunet
  kith models use auto                       let a graphics card compute, where there is one
  kith models use default`,
    )
    .action(async (id: Choice, _: unknown, command: Command) =>
      end(await use(id, command.optsWithGlobals<{ json?: boolean }>().json === true)),
    );
}

async function use(id: Choice, json: boolean): Promise<Exit> {
  const { chooseModel, chooseProvider, forgetChoice, modelsInUse, providerInUse } = await import(
    '../../../models/choice.ts'
  );
  if (id === 'default') await forgetChoice();
  else if (isProvider(id)) await chooseProvider(id);
  else await chooseModel(id);
  const inUse = { ...(await modelsInUse()), provider: await providerInUse() };
  if (json) await printJson({ inUse });
  else
    await print(
      `In use from now on: detector ${inUse.detector}, encoder ${inUse.encoder}, computed with ${inUse.provider}${isProvider(id) ? ' as soon as Kith starts anew' : ''}.`,
    );
  return Exit.done;
}

function isProvider(id: Choice): id is ProviderChoice {
  return ProviderChoice.safeParse(id).success;
}

function choice(name: string): Choice {
  const id = modelNamed(name) ?? name.toLowerCase();
  for (const ids of [EncoderId, DetectorId, ProviderChoice]) {
    const { success, data } = ids.safeParse(id);
    if (success) return data;
  }
  if (id === 'default') return id;
  throw new InvalidArgumentError(
    `Expected an encoder (${encoderIds.join(', ')}, or two that you joined), a detector (${DetectorId.options.join(', ')}), what computes (${ProviderChoice.options.join(', ')}) or default.`,
  );
}
