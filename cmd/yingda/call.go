package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"yingda/internal/channel/voice"
	"yingda/internal/kit/audio"
	"yingda/internal/kit/clock"
	"yingda/internal/kit/rtp"
)

type callCommand struct {
	Simulate callSimulateCommand `cmd:"" help:"Call a running program as a customer would, without a carrier: it has to take calls from this address, as the demo does."`
}

// callSimulateCommand makes a whole call.
type callSimulateCommand struct {
	To     string        `help:"Where the program hears SIP." default:"127.0.0.1:5060"`
	From   string        `help:"Address of this machine to call from." default:"127.0.0.1"`
	Line   string        `help:"The number that is called." default:"4008200000"`
	Number string        `help:"The customer's number." default:"13800138000"`
	Keys   string        `help:"Keys to press from the answer on; a comma waits for a second."`
	Typed  bool          `help:"Press what is written to standard input, too, when it comes."`
	Say    string        `help:"WAV file with what the customer says, again and again." type:"existingfile"`
	For    time.Duration `help:"When the customer hangs up." default:"30s"`
	Record string        `help:"File for what was heard and said (WAV, left and right)." type:"path"`
	Ports  string        `help:"UDP ports for the sound." default:"30000-30999" hidden:""`
}

func (c *callSimulateCommand) Run(s streams) (err error) {
	to, err := netip.ParseAddrPort(c.To)
	if err != nil {
		return fmt.Errorf("--to %q is not an address; write it like 127.0.0.1:5060", c.To)
	}
	from, err := netip.ParseAddr(c.From)
	if err != nil {
		return fmt.Errorf("--from %q is not an address; write it like 127.0.0.1", c.From)
	}
	var first, last uint16
	if n, err := fmt.Sscanf(c.Ports, "%d-%d", &first, &last); err != nil || n != 2 {
		return fmt.Errorf("--ports %q is not a range; write it like 30000-30999", c.Ports)
	}
	ports, err := rtp.NewPorts(from, first, last)
	if err != nil {
		return err
	}
	call := voice.Simulated{Number: c.Number, Line: c.Line, Keys: c.Keys, For: c.For}
	if c.Typed {
		call.Typed = typed(os.Stdin)
	}
	if c.Say != "" {
		if call.Says, err = readSound(c.Say); err != nil {
			return err
		}
	}
	begun := clock.Now()
	call.Tell = func(what string) { fmt.Fprintf(s.Out, "%6.1f s  %s\n", clock.Now().Sub(begun).Seconds(), what) }
	if c.Record != "" {
		f, err := os.Create(c.Record)
		if err != nil {
			return fmt.Errorf("--record %s cannot be written: %w", c.Record, err)
		}
		defer f.Close()
		tape, err := audio.Record(f)
		if err != nil {
			return err
		}
		defer func() {
			if done, failed := tape.Close(0); failed == nil {
				fmt.Fprintf(s.Out, "%s: %.1f s\n", c.Record, done.Length.Seconds())
			}
		}()
		call.Tape = tape
	}
	simulator, err := voice.NewSimulator(to, from, ports, clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer simulator.Close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	_, err = simulator.Call(ctx, call)
	return err
}

// typed sends each line of an input, until the program ends.
func typed(in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		for s := bufio.NewScanner(in); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}

func readSound(name string) ([]int16, error) {
	b, err := os.ReadFile(name) //nolint:gosec // the caller names the file
	if err != nil {
		return nil, err
	}
	sound, err := audio.ReadWAV(b)
	return sound.Line(), err
}
