// Tessera's POSIX driver on the work of ledger.ts: entries of 300 bytes in batches, each batch waited for, for some seconds.
// Prints the entries, the seconds, and the size that the last checkpoint covers. Usage: tessera FOLDER BATCH SECONDS
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, batchText, secondsText string) error {
	batch, err := strconv.Atoi(batchText)
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(secondsText, 64)
	if err != nil {
		return err
	}
	secret, _, err := note.GenerateKey(rand.Reader, "bench.example/tessera")
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	ctx := context.Background()
	driver, err := posix.New(ctx, posix.Config{Path: folder})
	if err != nil {
		return err
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithCheckpointInterval(100*time.Millisecond).
		WithBatching(uint(batch), time.Second).
		WithPushback(uint(4 * batch))
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return err
	}
	start := time.Now()
	limit := time.Duration(seconds * float64(time.Second))
	added := 0
	for time.Since(start) < limit {
		futures := make([]tessera.IndexFuture, batch)
		for i := range futures {
			futures[i] = appender.Add(ctx, tessera.NewEntry(entry(added+i)))
		}
		for _, future := range futures {
			if _, err := future(); err != nil {
				return err
			}
		}
		added += batch
	}
	took := time.Since(start).Seconds()
	if err := shutdown(ctx); err != nil {
		return err
	}
	fmt.Printf("%d %.3f\n", added, took)
	return nil
}

func entry(i int) []byte {
	bytes := make([]byte, 300)
	for at := range bytes {
		bytes[at] = 'x'
	}
	copy(bytes, fmt.Sprintf(`{"n":%d,"pad":"`, i))
	return bytes
}
