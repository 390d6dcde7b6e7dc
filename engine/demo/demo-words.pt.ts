// As frases em português de `demo`. The Portuguese sentences; demo-words.en.ts has the same keys.
import type { DemoWords } from './demo-words.en.ts'

export const portuguese: DemoWords = {
  title: 'Tutela: um banco governa dois modelos reais a partir de um repositório Git',
  intro: [
    'policies/ diz o que se exige, models/ o que está em uso, ledger/ prova o que se decidiu, reports/ conta.',
    'Os dados são reais: crédito a pequenas empresas nos EUA (2004–2006) e as notas COMPAS (2013–2014), medidos mês a',
    'mês. Os desfechos são usados como se fossem conhecidos no fim de cada mês; o banco e as pessoas são inventados.',
  ],
  creditChapter: 'Um modelo de crédito decai',
  creditEnters: (auc, rows) =>
    `ana registra o cartão do modelo: ele pode decidir. Linha de base: AUC ${auc} em ${rows} empréstimos.`,
  aucHolds: (auc) => `AUC ${auc}. Nada se exige.`,
  aucWarns: (auc, drop) =>
    `AUC ${auc}, ${drop} abaixo da linha de base. Um mês ruim é um aviso; dois seguidos são uma falha.`,
  formChanged: (psi) =>
    `jobs_retained, sempre 0 até aqui, passou a ser preenchida: PSI ${psi}. Essa política é consultiva: relata.`,
  aucFails: (auc) => `AUC ${auc}: o segundo mês mais de 5 % abaixo da linha de base.`,
  proposalOpens: (id, remedy, owners) => `→ abre-se a proposta ${id}: ${remedy}. Nada muda até que ${owners} aprove.`,
  remedy: { retrain: 'retreinar', rollback: 'reverter', hold: 'suspender o modelo', promote: 'promover' },
  approvedAndMerged: (who, id) =>
    `${who} aprova ${id}: assinatura SSH sobre esta mudança e esta evidência. O portão concorda; integra-se.`,
  retrainStarts: (times) =>
    `O pedido integrado inicia o retreino: ${times === 1 ? 'uma vez' : `${times} vezes`}, por mais que se repita a execução.`,
  floorBroken: (auc, limit, feature, psi) =>
    `AUC ${auc}, abaixo do piso de ${limit}; PSI de \`${feature}\` ${psi}. Essa política é obrigatória: bloqueia.`,
  held: (who) => `${who} aprova e integra: o cartão agora diz \`hold: true\`.`,
  retired: (who) => `${who} aposenta o modelo com um commit. O cartão e a história ficam para sempre.`,
  compasChapter: 'Uma nota é injusta, e os seus rótulos quebram',
  compasEnters: (black, white) =>
    `dora registra o cartão do COMPAS. Na linha de base, ${black} dos negros e ${white} dos brancos são ditos de risco.`,
  gapWarns: (gap, limit) =>
    `As taxas de erro entre raças diferem em ${gap}; o limite é ${limit}. O primeiro mês só avisa.`,
  gapFails: (gap, limit) => `De novo ${gap} (limite ${limit}): a política é obrigatória, e bloqueia.`,
  waived: (until) =>
    `teresa concede uma exceção: faixas de idade podem diferir até ${until}, com motivo e chamado. Raça, não.`,
  monthsPass: (count, blocked, low, high) =>
    `Mais ${count} meses: bloqueado em ${blocked}; a diferença entre raças vai de ${low} a ${high}. Ninguém aprova.`,
  waiverEnds: (day) => `A exceção venceu sozinha em ${day}: as idades voltam a contar.`,
  labelBreaks: (rate, limit) =>
    `${rate} dos rótulos são positivos (plausível: até ${limit}): o acompanhamento acabou. O modelo não melhorou nem piorou:`,
  labelBreaksWhy: 'o rótulo quebrou. A evidência mudou; aprovações dadas para a antiga ficariam sem efeito.',
  aucMissing: (reason) =>
    `Só resta uma classe: a AUC não pode ser medida (\`${reason}\`). Um erro bloqueia como uma falha; nunca passa.`,
  published: (fprBlack, fprWhite, fnrBlack, fnrWhite) =>
    `Em todo o período, como publicou a ProPublica: entre quem não reincidiu, ${fprBlack} dos negros e ${fprWhite} dos brancos foram ditos de risco; entre quem reincidiu, ${fnrBlack} e ${fnrWhite} foram ditos seguros.`,
  endChapter: 'O que fica',
  runs: (runs, commits, reports) =>
    `${runs} execuções, um commit cada; ${commits} commits ao todo; ${reports} relatórios.`,
  proven: (entries) => `O livro tem ${entries} registros. \`verify\` recalculou cada hash e assinatura: provado.`,
  notProven: (problems) => `O livro tem ${problems} problemas: veja \`tutela verify\`.`,
  waiting: (id, owners) => `A proposta ${id} está aberta: suspender o COMPAS. Espera por ${owners}.`,
  folder: (folder) => `Tudo está em ${folder}`,
  next: 'Experimente agora',
  tryProposal: 'o porquê, a evidência, a mudança no cartão',
  tryApprove: 'assine como dora, a responsável',
  tryMerge: 'o portão decide',
  tryPlan: 'cada veredito, com os motivos',
  tryExplain: 'uma regra com todos os números',
  tryReport: 'o que o comitê lê',
  tryVerify: 'prove o livro',
}
