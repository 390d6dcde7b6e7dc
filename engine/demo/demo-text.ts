// The demo as it stands in the terminal: chapters with a day, a mark and a sentence a line, then what is left and what to try.
import { shellWord } from '../base/shell-word.ts'
import { displayWidth } from '../base/text-columns.ts'
import type { Language } from '../domain/governance.ts'
import { bundledSnapshots, figureOf } from './bundled-files.ts'
import { keyFile, VISITOR } from './demo-people.ts'
import type { DemoWords } from './demo-words.en.ts'
import { type Chapter, demoWords, type Mark, type StoryLine } from './narrate.ts'
import { COMPAS, CREDIT, END, type OpenedProposal } from './story.ts'

/** What is there when the story is over. */
export interface Ending {
  readonly folder: string
  readonly gitDir: string
  readonly runs: number
  readonly commits: number
  readonly reports: number
  readonly entries: number
  /** Problems that `verify` found. */
  readonly problems: number
  readonly waiting: OpenedProposal | null
}

/** How the demo is told. */
export interface DemoTextOptions {
  readonly language: Language
  readonly colour: boolean
  /** How tutela is started here: `npx tutela`, `npm run -s tutela --`. */
  readonly program: string
}

const WIDTH = 116

/** Without a final newline. */
export function demoText(chapters: readonly Chapter[], ending: Ending, options: DemoTextOptions): string {
  const words = demoWords(options.language)
  return [
    [bold(words.title, options), ...words.intro.map((line) => `  ${line}`)],
    ...chapters.map(({ title, lines }) => [bold(title, options), ...lines.flatMap((line) => storyLine(line, options))]),
    [bold(words.endChapter, options), ...endLines(ending, words, options.language)],
    [bold(words.next, options), ...nextLines(ending, words, options)],
  ]
    .map((block) => block.join('\n'))
    .join('\n\n')
}

function storyLine({ day, mark, text }: StoryLine, options: DemoTextOptions): string[] {
  const head = `  ${day.padEnd(10)}  ${mark === '' ? ' ' : painted(mark, options)}  `
  const indent = 17
  return wrapped(text, WIDTH - indent).map((line, i) => (i === 0 ? head : ' '.repeat(indent)) + line)
}

function endLines(ending: Ending, words: DemoWords, language: Language): string[] {
  const { problems, entries, waiting } = ending
  return [
    publishedRates(words, language),
    words.runs(ending.runs, ending.commits, ending.reports),
    problems === 0 ? words.proven(entries) : words.notProven(problems),
    ...(waiting === null ? [] : [words.waiting(waiting.id, waiting.owners.join(', '))]),
  ]
    .flatMap((text) => wrapped(text, WIDTH - 2))
    .concat(words.folder(ending.folder))
    .map((line) => `  ${line}`)
}

/** From the validation snapshot of the whole period. */
function publishedRates(words: DemoWords, language: Language): string {
  const whole = bundledSnapshots().find(
    ({ snapshot }) => snapshot.model === COMPAS && snapshot.purpose === 'validation',
  )
  const rate = (name: string, group: string) => {
    const value =
      whole === undefined ? null : figureOf(whole.snapshot, `fairness.${name}`, { attribute: 'race', group })
    const percent = ((value?.value ?? Number.NaN) * 100).toFixed(2)
    return language === 'pt' ? `${percent.replace('.', ',')} %` : `${percent}%`
  }
  const [black, white] = ['African-American', 'Caucasian']
  return words.published(rate('fpr', black), rate('fpr', white), rate('fnr', black), rate('fnr', white))
}

/** Two days after January 2005, the month that can be measured again. */
const MEASURED = '2005-02-02T12:00:00Z'

/** Commands with the folder and the moment in them, and what each is good for. */
export function nextCommands(
  ending: Ending,
  { program, language }: Pick<DemoTextOptions, 'program' | 'language'>,
): { readonly command: string; readonly why: keyof DemoWords }[] {
  // Portuguese is the first language of the example.
  const tutela = language === 'pt' ? program : `${program} --lang ${language}`
  const here = `${tutela} --repo ${shellWord(ending.folder)}`
  const at = `${here} --now ${END}`
  const { waiting } = ending
  const proposal: { readonly command: string; readonly why: keyof DemoWords }[] =
    waiting === null
      ? []
      : [
          { command: `${at} pr show ${waiting.id}`, why: 'tryProposal' },
          {
            command: `${at} pr approve ${waiting.id} --key ${shellWord(keyFile(ending.gitDir, VISITOR))}`,
            why: 'tryApprove',
          },
          { command: `${at} pr merge ${waiting.id}`, why: 'tryMerge' },
        ]
  const loans = (month: string) => shellWord(`${ending.folder}/models/${CREDIT}/data/${month}.parquet`)
  const files = `--current ${loans('2005-01')} --reference ${loans('2004-09')} --out ${shellWord(`${ending.gitDir}/measured.json`)}`
  return [
    { command: `${at} plan`, why: 'tryPlan' },
    { command: `${at} explain ${COMPAS} label-rate`, why: 'tryExplain' },
    ...proposal,
    // At the end of the story its newest row is ten years old.
    {
      command: `${here} --now ${MEASURED} observe --model ${CREDIT} --version 1.0.0 --environment production ${files}`,
      why: 'tryObserve',
    },
    { command: `${tutela} verify ${shellWord(`${ending.folder}/ledger`)}`, why: 'tryVerify' },
  ]
}

function nextLines(ending: Ending, words: DemoWords, options: Pick<DemoTextOptions, 'program' | 'language'>): string[] {
  return nextCommands(ending, options).flatMap(({ command, why }) => [`  # ${String(words[why])}`, `  ${command}`])
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && displayWidth(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const COLOURS: Readonly<Record<Mark, string>> = { '✓': '32', '!': '33', '✗': '31', '·': '2', '': '0' }

function painted(mark: Mark, { colour }: DemoTextOptions): string {
  return colour ? `\u001b[${COLOURS[mark]}m${mark}\u001b[0m` : mark
}

function bold(text: string, { colour }: DemoTextOptions): string {
  return colour ? `\u001b[1m${text}\u001b[0m` : text
}
