// A real MLflow server in a Python environment of its own: what `import mlflow` and `check --online` read.
import type { Suite } from '../run.ts'
import { missingCommands } from '../tools.ts'

export const suite: Suite = {
  speed: 'slow',
  missing: () => missingCommands(['python3', '-c', 'import venv']),
}
