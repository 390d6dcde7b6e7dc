// Stands in for the training pipeline of this example: it trains nothing, and says what it was asked for.
console.log(`asked to retrain ${process.argv[2] ?? 'no model'}`)
