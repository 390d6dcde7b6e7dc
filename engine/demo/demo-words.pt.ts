// As frases em português de `demo`. The Portuguese sentences; demo-words.en.ts has the same keys.
import type { DemoWords } from './demo-words.en.ts'

export const portuguese: DemoWords = {
  title: 'Tutela: um banco governa dois modelos reais a partir de um repositório Git',
  intro: [
    'policies/ diz o que se exige, models/ o que está em uso, ledger/ prova o que se decidiu, reports/ conta.',
    'Os dados são reais: crédito a pequenas empresas nos EUA (2004–2006) e notas COMPAS (2013–2014), mês a mês.',
    'Os desfechos são usados como se já se soubessem no fim de cada mês. O banco e as pessoas são inventados.',
    'Cada linha é uma execução ou um ato:  ✓ tudo conforme  ! a observar  ✗ algo se exige  · pessoas agem',
  ],
  creditChapter: 'Um modelo de crédito decai',
  creditEnters: (auc, rows) =>
    `ana registra a ficha do modelo: ele entra em uso. Linha de base: AUC ${auc} em ${rows} empréstimos.`,
  aucHolds: (month, auc) => `Créditos de ${month}: AUC ${auc}. Nada se exige.`,
  aucWarns: (month, auc, drop) =>
    `Créditos de ${month}: AUC ${auc}, ${drop} abaixo da base. Um mês ruim avisa; o segundo é falha.`,
  formChanged: (psi) =>
    `\`jobs_retained\`, até aqui quase sempre 0, passou a ser preenchida: PSI ${psi}. Política consultiva: só relata.`,
  aucFails: (month, auc) => `Créditos de ${month}: AUC ${auc}, pelo segundo mês mais de 5 % abaixo da base.`,
  proposalOpens: (id, remedy, owners) => `→ proposta ${id}: ${remedy}. Nada muda sem que ${owners} aprove.`,
  remedy: { retrain: 'retreinar', rollback: 'reverter', hold: 'suspender o modelo', promote: 'promover' },
  approvedAndMerged: (who, id) =>
    `${who} assina ${id} com chave SSH, para esta mudança e esta evidência. O portão concorda: incorporada.`,
  retrainStarts: (times) =>
    `O pedido incorporado iniciou o retreino ${times === 1 ? 'uma vez' : `${times} vezes`}; repetir a execução não o repete.`,
  floorBroken: (month, auc, limit, feature, psi) =>
    `Créditos de ${month}: AUC ${auc}, abaixo do piso ${limit} (PSI de \`${feature}\`: ${psi}). Obrigatória: bloqueia.`,
  held: (who) => `${who} aprova e incorpora: a ficha agora diz \`hold: true\`.`,
  retired: (who) => `${who} aposenta o modelo com um commit. A ficha e a história ficam para sempre.`,
  compasChapter: 'Uma nota é injusta, e os seus rótulos quebram',
  compasEnters: (black, white) =>
    `dora registra a ficha do COMPAS. Na linha de base, ${black} dos negros e ${white} dos brancos têm risco médio ou alto.`,
  gapWarns: (gap, limit) =>
    `As parcelas de alto risco entre raças diferem em ${gap}; o limite é ${limit}, dentro do intervalo: um aviso.`,
  agesFail: (gap, limit) =>
    `Entre idades, ${gap} (limite ${limit}), com 95 % de confiança em dois meses seguidos. É obrigatória: bloqueia.`,
  gapFails: (gap, limit) =>
    `Agora também entre raças: ${gap} (limite ${limit}), com 95 % de confiança em dois meses seguidos.`,
  waived: (until) => `teresa concede uma exceção, com motivo e chamado: idades podem diferir até ${until}. Raças, não.`,
  monthsPass: (count, blocked, low, high) =>
    `Mais ${count} meses, ${blocked} deles bloqueados; a diferença entre raças vai de ${low} a ${high}. Ninguém aprova.`,
  waiverEnds: (day) => `A exceção venceu sozinha em ${day}: as idades voltam a contar.`,
  labelBreaks: (rate, limit) =>
    `${rate} dos rótulos são positivos (plausível: até ${limit}): quebrou o rótulo, não o modelo.`,
  labelBreaksWhy: 'A evidência agora é outra: uma aprovação da antiga ficaria sem efeito.',
  aucMissing: (reason) =>
    `Já não há AUC (\`${reason}\`). O que não se pode medir é um erro, e bloqueia como uma falha.`,
  published: (fprBlack, fprWhite, fnrBlack, fnrWhite) =>
    `Em todo o período, como publicou a ProPublica: entre quem não reincidiu, ${fprBlack} dos negros e ${fprWhite} dos brancos receberam risco médio ou alto; entre quem reincidiu, ${fnrBlack} e ${fnrWhite} receberam risco baixo.`,
  endChapter: 'O que fica',
  runs: (runs, commits, reports) =>
    `${runs} execuções, um commit cada; ${commits} commits ao todo; ${reports} relatórios.`,
  proven: (entries) => `O registro tem ${entries} entradas. \`verify\` recalculou cada hash e assinatura: provado.`,
  notProven: (problems) => `O registro tem ${problems} problemas: veja \`tutela verify\`.`,
  waiting: (id, owners) => `A proposta ${id} está aberta: suspender o COMPAS. Espera por ${owners}.`,
  folder: (folder) => `Tudo está em ${folder}`,
  next: 'Experimente agora',
  tryProposal: 'o porquê, a evidência, a mudança na ficha',
  tryApprove: 'assine como dora, a responsável',
  tryMerge: 'o portão decide',
  tryPlan: 'cada veredito, com os motivos',
  tryExplain: 'uma regra com todos os números',
  tryObserve: 'meça de novo um mês de empréstimos, com todos os números',
  tryVerify: 'prove o registro',
}
