// The words around the tables of docs/metricas.pt.md.
import type { MetricsWords } from './make-metrics.ts'

export const PORTUGUESE: MetricsWords = {
  title: 'Métricas',
  intro: `*[In English](metrics.md)*

Esta página é feita a partir do catálogo (\`engine/observe/metrics/catalogue.ts\`), que também confere as políticas. O mesmo nome quer dizer números diferentes em ferramentas diferentes; por isso cada medição leva a definição com que foi feita, e dois instantâneos de definições diferentes nunca são comparados. A definição na tabela é a do [\`tutela observe\`](first-model.md); um importador mantém a da sua ferramenta.

Um número que não se pode ter é \`null\` com o motivo, nunca NaN e nunca 0 por acaso: \`empty_window\`, \`empty_reference\`, \`empty_group\`, \`one_class\`, \`one_category\`, \`one_feature\`, \`no_positives\`, \`no_negatives\`, \`no_predicted_positives\`, \`no_adverse_decisions\`, \`constant_target\`, \`zero_target\`, \`zero_denominator\`, \`zero_mean_benefit\`, \`zero_attribution\`, \`fewer_than_two_groups\`, \`too_few_rows\`, \`no_timestamp\`, \`no_order\`, \`no_label\`, \`not_probabilities\`, \`undefined\`, \`non_finite\`, \`partial_result\` (\`no_label\`: há linhas e os rótulos ainda não chegaram; \`no_order\`: todas as linhas têm o mesmo instante). Para a regra, ele é dado ausente: o \`onMissing\` da política decide, um erro se não disser \`fail\` nem \`skip\`, e o achado tem o motivo. A coluna \`intervalo\` diz como se faz o intervalo de um valor, [de 95 %](#intervalos); \`–\` é um valor sem intervalo, que uma regra com \`confidence\` julga por si. Grupos menores que \`minimumGroupSize\` (10) têm tamanho e nada mais; aqueles cujo valor a ficha não nomeia (\`privileged\`, ou os \`values\` da variável) são um só grupo, \`suppressed\`, com o tamanho somado.`,
  families: {
    data: [
      'Qualidade dos dados',
      'O que se espera está em `features` na ficha: `min`, `max`, `values`, `notNull`, `unique`. As proporções de violações são dos valores presentes.',
    ],
    drift: [
      'Desvio (drift)',
      'Uma janela contra a referência. Uma variável de que a métrica não é (a coluna `de`) não é dado ausente para `each: feature`. Os atributos protegidos também são acompanhados como variáveis, categorias se a ficha não os lista de outro modo: as regras sobre eles têm `each: protected`. Variantes com nome (`evidently`, `deepchecks`, `popmon`, `nannyml`) vêm de importadores ou ficam ao lado do número nativo, cada uma com a sua definição.',
    ],
    concept: [
      'Desvio de conceito',
      'Alarmes sobre os erros do modelo em ordem de tempo. Erros vizinhos raramente são independentes; por isso uma regra pede uma contagem na janela, e não “algum alarme”.',
    ],
    performance: ['Desempenho', '`estimated_*` não precisam de rótulos: valem enquanto os escores estão calibrados.'],
    fairness: [
      'Equidade',
      'A seleção é sobre todas as linhas, as outras taxas sobre as linhas com rótulo. Grupos por dois atributos (`sex × race`) são medidos com até cinco atributos, e `each: protected` julga os medidos. Um valor ausente é um grupo próprio.',
    ],
    explain: [
      'Explicações',
      'De uma matriz SHAP, uma linha por caso e uma coluna por variável: `tutela observe --attributions ARQUIVO --reference-attributions ARQUIVO` lê as colunas com o nome de uma variável da ficha. Ou importadas: `tutela import shap`, `tutela import sagemaker`. Os códigos de motivo ficam em uma coluna dos dados, `data: { reasons: <coluna>, adverse: "1" }` na ficha: célula vazia ou em branco é falta de motivo, e `adverse` é o valor da previsão que é uma decisão contra alguém. Não há padrão, pois 1 aprova em um modelo e recusa em outro.',
    ],
    sla: [
      'Serviço',
      'De colunas dos dados (`sla.columns` da ficha) ou do Prometheus (`sla.queries`, sobre a janela). Uma resposta com avisos pode ter uma parte a menos: então não há valor, e o motivo é `partial_result`. A definição de um número do Prometheus guarda a consulta, o passo e a média: outra consulta é outra definição. De colunas, ela é `data-column`.',
    ],
  },
  variants: [
    'Definições de outras ferramentas, número por número. O `tutela observe` mede as que uma regra do repositório nomeia (`definition: psi/evidently/values-or-sturges`), e todas com `--variants`. Onde uma janela tem duas definições de uma métrica, cada regra sobre ela tem de nomear uma: a que não nomeia termina em erro. `binned` é o que o `observe` usa acima de um milhão de linhas por lado; a regra que nomeia a definição exata a tem medida exatamente.',
    'Outras definições que o `tutela observe` guarda; a regra nomeia uma com `definition`.',
    'id',
    'como em',
    'definição',
    'fonte',
  ],
  columns: ['id', 'o que é', 'de', 'unidade, faixa', 'pior', 'definição', 'como em', 'intervalo'],
  subjects: {
    model: 'modelo',
    feature: 'variável',
    protected: 'atributo protegido',
    group: 'grupo',
    endpoint: 'endereço',
  },
  worse: { up: 'maior', down: 'menor', away: 'longe do igual', none: '–' },
  unbounded: '∞',
  units: {
    share: 'proporção',
    count: 'contagem',
    hours: 'horas',
    'p-value': 'valor-p',
    distance: 'distância',
    ratio: 'razão',
    output: 'unidade da saída',
    target: 'unidade do alvo',
    'per second': 'por segundo',
  },
  intervals: {
    wilson: 'Wilson',
    newcombe: 'Newcombe',
    'log-ratio': 'logaritmo',
    'all-pairs': 'Newcombe, todos os pares',
    'all-pairs-ratio': 'logaritmo, todos os pares',
    'of-sums': 'de somas',
    delong: 'DeLong',
    bootstrap: 'bootstrap',
    'three-errors': 'três erros',
  },
  variantNames: {
    asymptotic: 'assintótica',
    binned: '`binned` (em faixas)',
    columns: 'colunas',
    weighted: '`weighted` (ponderada)',
  },
  or: 'ou',
  having: 'com',
  types: { number: 'número', category: 'categoria', boolean: 'booleano', timestamp: 'instante', text: 'texto' },
  outro: `## Intervalos
De 95 %, menos \`três erros\`. O \`confidence\` de uma regra lê só o intervalo do seu nível.

| intervalo | como |
|---|---|
| Wilson | uma proporção, da sua contagem (E. B. Wilson, 1927) |
| Newcombe | a diferença de duas proporções, dos limites de Wilson das duas (R. G. Newcombe, Statistics in Medicine 17, 1998, método 10) |
| logaritmo | a razão de duas proporções na escala dos logaritmos (D. Katz et al., Biometrics 34, 1978). Uma contagem 0, que não tem logaritmo, conta meia linha (S. D. Walter, Biometrika 62, 1975), e o intervalo começa em 0 |
| todos os pares | a diferença entre o maior e o menor grupo, que só se conhecem depois de olhar. Cada par de grupos tem o intervalo de Newcombe, ou o do logaritmo, com a amplitude studentizada no lugar de 1,96 (2,34 para três grupos, 3,03 para oito), para que todos os pares valham ao mesmo tempo (A. Agresti et al., Biometrics 64, 2008). A diferença vai do maior limite inferior ao maior limite superior, entre 0 e 1. Com dois grupos, é o intervalo desse par. Chances equalizadas: as duas taxas no nível √0,95, e os maiores limites das duas |
| de somas | a média de duas diferenças, dos limites de cada uma (G. Y. Zou e A. Donner, Statistics in Medicine 27, 2008); dos seus valores absolutos, da soma e da diferença ao mesmo tempo |
| DeLong | a AUC (E. R. DeLong et al., Biometrics 44, 1988) |
| bootstrap | as linhas com rótulo sorteadas de novo das suas contagens, 1.000 vezes com semente fixa, e os 95 % do meio (B. Efron e R. Tibshirani, 1993). Nenhum onde os sorteios não variam |
| três erros | três erros de amostragem para cada lado, como a faixa do NannyML: 99,73 % |

A diferença entre muitos grupos é maior que 0 por puro acaso: com oito grupos iguais de 75 positivos cada, o intervalo do par extremo sozinho deixa o 0 de fora em 49 % dos sorteios, um bootstrap da diferença em todos, e o de todos os pares em 4,7 %.

## Onde ferramentas conhecidas surpreendem
| o quê | o número |
|---|---|
| O PSI só com decis é cego a uma referência quase constante: todos os decis são um valor e caem em uma faixa. Aqui, um valor em dois ou mais decis é uma faixa própria | \`guaranteed_share\` dos empréstimos SBA (98 % em 0,50): 0,0 sem essa faixa, 2,43 com ela em fevereiro de 2006. \`vicprice\` do Elec2, constante por um ano: 0,0 para sempre, contra 9,65 quando acordou |
| A medida \`Total-Variation-Distance\` do Evidently é um valor-p: baixo é desvio. Aqui nunca é \`drift.total_variation\` | ½Σ\\|p−q\\| é 0 onde nada mudou, e aquele valor-p é perto de 1 |
| O Evidently calcula o teste z como 2·(1 − CDF), que é 0 depois de z = 8,3 | a cauda verdadeira em z = 10 é 1,5e-23 |
| Jensen–Shannon tem base e no Evidently e base 2 no NannyML | o maior valor é 0,8326 em um, 1 no outro |
| O Fairlearn conta como 0 uma taxa sem denominador, e um único grupo como diferença 0 (razão 1): um grupo sem positivos parece o mais maltratado, e um só grupo parece equidade perfeita | aqui o grupo fica fora da diferença, e menos de dois grupos não têm nenhuma |
| \`average_odds_difference\` se anula: uma diferença de TPR e outra de FPR de sinais opostos dão 0 | +0,2 e −0,2 dão 0,0; \`average_abs_odds_difference\` dá 0,2 |
| O MAPE do scikit-learn com alvo 0 divide por 2,2e-16 | 4,5e15 para uma linha que erra por 1 |
| Precisão e revocação do scikit-learn são 0 onde nada foi previsto positivo, ou nada é | aqui \`null\`, \`no_predicted_positives\` e \`no_positives\` |
| O NDCG (SageMaker Clarify) quase não vê a troca das duas variáveis mais importantes | por isso \`explain.l1\` e \`explain.top_k_overlap\` ficam ao lado |
| Valores-p de janelas grandes são minúsculos por nada | KS de 0,004 entre dois meses de 500.000 voos é “significativo”: regras testam tamanhos de efeito |
| Rótulos que chegam tarde enfeitam: alarmes falsos são conhecidos por último | a FPR por grupo cai de 0,19 para 0,05 nos dados com rótulos atrasados: \`performance.label_coverage\`, também por grupo, é o que se vigia |
| O DDM sem erro no aquecimento tem p = s = 0 | alarma no primeiro erro |

## Métricas próprias
Declaradas em \`policies/governance.yaml\` e usadas em regras como as outras. Os números vêm de \`tutela import\` ou de um processo que grava instantâneos.

\`\`\`yaml
metrics:
  custom.complaints: { title: { pt: Reclamações, en: Complaints }, unit: count, worse: up }
\`\`\`
\`subject\` (padrão \`model\`), \`range\`, \`definition\` e \`source\` podem ser acrescentados.`,
}
