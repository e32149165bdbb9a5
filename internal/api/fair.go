package api

import (
	"time"

	"yingda/internal/domain/agent"
	"yingda/internal/kit/limit"
)

// remembered is how many agents and keys a Fair limit keeps apart.
const remembered = 10_000

// Fair returns an API.Limit that lets each agent, and each of their keys, make
// so many calls a second, and burst of them at once.
func Fair(perSecond float64, burst int) func(by agent.Actor, now time.Time) time.Duration {
	buckets := limit.New(perSecond, burst, remembered)
	return func(by agent.Actor, now time.Time) time.Duration {
		return buckets.Take(by.Agent.String()+" "+by.Key, now)
	}
}
