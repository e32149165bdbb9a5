package care

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
)

// Till is the payer of the demonstration: it moves no money. Every third
// payment fails the first time, so that one sees what happens then.
type Till struct {
	mu   sync.Mutex
	seen map[string]bool
}

// Pay returns a reference that is made from the key, so that it is the same
// however often it is asked, also after a restart.
func (t *Till) Pay(_ context.Context, o Order) (string, error) {
	sum := sha256.Sum256([]byte(o.Key))
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	if sum[0]%3 == 0 && !t.seen[o.Key] {
		t.seen[o.Key] = true
		return "", errors.New("模拟支付：通道繁忙，请稍后重试 (simulated: the channel is busy)")
	}
	return "SIM" + strings.ToUpper(hex.EncodeToString(sum[:5])), nil
}
