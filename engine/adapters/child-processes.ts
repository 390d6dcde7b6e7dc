// Runs a command without a shell, with a deadline, and keeps a bounded part of what it prints.
// Node's own `timeout` of `spawn` is not used: for a program that is not there it keeps the process alive until it ends.
import { type ChildProcess, spawn } from 'node:child_process'
import type { Commands } from '../world.ts'

const MOST_OUTPUT = 64 * 1024
/** After its end a command's pipes are read this long: what it left running may hold them open for ever. */
const PIPES_MS = 200
const KILL_MS = 2000

/** Rejects only where no process came to be. A command that outlives its deadline is stopped, with status -1. */
export const childProcesses: Commands = {
  run: (argv, { cwd, env, timeoutMs }) =>
    new Promise((resolve, reject) => {
      const [file = '', ...args] = argv
      const child = spawn(file, args, { cwd, env, shell: false, stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      for (const pipe of [child.stdout, child.stderr]) {
        pipe.setEncoding('utf8').on('data', (chunk: string) => {
          if (output.length < MOST_OUTPUT) output = (output + chunk).slice(0, MOST_OUTPUT)
        })
      }
      const deadline = setTimeout(() => stop(child), timeoutMs)
      const end = (status: number | null) => {
        clearTimeout(deadline)
        for (const pipe of [child.stdout, child.stderr]) pipe.destroy()
        resolve({ status: status ?? -1, output })
      }
      child.on('error', (error) => {
        clearTimeout(deadline)
        if (child.pid === undefined) reject(error)
      })
      child.on('exit', (status) => setTimeout(end, PIPES_MS, status))
      child.on('close', end)
    }),
}

function stop(child: ChildProcess): void {
  child.kill('SIGTERM')
  const harder = setTimeout(() => child.kill('SIGKILL'), KILL_MS)
  child.on('exit', () => clearTimeout(harder))
}
