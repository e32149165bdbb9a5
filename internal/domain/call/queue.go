package call

import (
	"slices"
	"strconv"
	"time"
)

// queue puts the caller into a queue, at the place that they had in it already.
func (r *run) queue(n Node) {
	if !r.f.Staffed && n.Empty != "" {
		r.enter(n.Empty)
		return
	}
	p := Place{Queue: n.Queue, Skills: n.Skills, Priority: n.Priority, Emergency: n.Emergency, Since: r.now}
	if before := r.w.Place; before != nil && before.Queue == n.Queue {
		p.Since = before.Since
	}
	r.waitIn(n, p)
}

// waitIn lets the caller wait at a place as a node says.
func (r *run) waitIn(n Node, p Place) {
	r.w.Place, r.w.Phase, r.w.Early = &p, Waiting, "" // keys for the menu mean nothing here
	r.w.Until = r.now.Add(time.Duration(n.MostWait) * time.Second)
	r.w.Placed, r.w.ToldAhead, r.w.ToldMost, r.w.Told = false, 0, 0, 0
	r.do(Action{Do: EnterQueue, Place: r.w.Place})
	r.announce(n)
}

// announce tells who waits where they stand, or leads them out when they have
// waited for as long as they are to.
func (r *run) announce(n Node) {
	if !r.now.Before(r.w.Until) {
		r.do(Action{Do: ExitQueue, Place: r.w.Place})
		r.silence()
		r.enter(n.Full)
		return
	}
	r.w.Due = r.now.Add(time.Duration(n.seconds()) * time.Second)
	if r.w.Until.Before(r.w.Due) {
		r.w.Due = r.w.Until
	}
	var said []string
	if r.w.Told == 0 {
		said = append(said, n.Prompts...)
	}
	values := r.values()
	said = append(said, r.standing(values)...)
	if len(n.Comfort) > 0 {
		said = append(said, n.Comfort[r.w.Told%len(n.Comfort)])
	}
	r.w.Told++
	if len(said) == 0 {
		r.do(Action{Do: PlayMusic})
		return
	}
	r.w.Sounds = true
	r.do(Action{Do: Play, Language: r.w.Language, Prompts: said, Values: values, Barge: true})
}

// waiting goes on after what was said. Who has just come in had no place yet
// when that began, and is told it now.
func (r *run) waiting() {
	if !r.w.Placed {
		values := r.values()
		if said := r.standing(values); len(said) > 0 {
			r.w.Sounds = true
			r.do(Action{Do: Play, Language: r.w.Language, Prompts: said, Values: values, Barge: true})
			return
		}
	}
	r.do(Action{Do: PlayMusic})
}

// standing is what a caller is told of their place and of the wait, as far as
// both are known and not worse than what they were told before: who is served
// out of turn is no reason to frighten those who wait.
func (r *run) standing(values map[string]string) (said []string) {
	if ahead := r.f.Ahead; ahead >= 0 && (!r.w.Placed || ahead <= r.w.ToldAhead) {
		r.w.Placed, r.w.ToldAhead = true, ahead
		values["ahead"] = strconv.Itoa(ahead)
		switch ahead {
		case 0:
			said = append(said, "queue.next")
		case 1:
			said = append(said, "queue.one_ahead")
		default:
			said = append(said, "queue.position")
		}
	}
	if r.f.Most > 0 && (r.w.ToldMost == 0 || r.f.Most <= r.w.ToldMost) {
		r.w.ToldMost = r.f.Most
		values["least"], values["most"] = strconv.Itoa(r.f.Least), strconv.Itoa(r.f.Most)
		if r.f.Least > 0 {
			return append(said, "queue.wait")
		}
		return append(said, "queue.wait_under")
	}
	return said
}

// exit takes a key of who waits. Who goes to a callback keeps the place; the
// queue is told, and holds it for the call back.
func (r *run) exit(n Node, key string) {
	i := slices.IndexFunc(n.Choices, func(c Choice) bool { return c.Key == key })
	if i < 0 {
		return
	}
	r.silence()
	r.do(Action{Do: ExitQueue, Place: r.w.Place})
	r.enter(n.Choices[i].Next)
}

// joined hands the caller to an agent, who first hears what it is about.
func (r *run) joined(agent string) {
	n := r.node()
	r.silence()
	r.w.Phase, r.w.Due, r.w.Early = Served, time.Time{}, ""
	r.w.Values["agent"] = agent
	a := Action{Do: ConnectTo, Name: agent, Language: r.w.Language, Values: r.values()}
	if n.Whisper != "" {
		a.Prompts = []string{n.Whisper}
	}
	r.do(a)
}

// lost puts who was cut off from an agent back to the head of the queue.
func (r *run) lost() {
	n := r.node()
	r.w.Phase = Waiting
	r.w.Until = r.now.Add(time.Duration(n.MostWait) * time.Second)
	r.w.Due = r.now.Add(time.Duration(min(n.seconds(), n.MostWait)) * time.Second)
	r.w.Placed, r.w.Told, r.w.ToldAhead, r.w.ToldMost = true, 0, 0, 0 // they are told that they are next
	r.do(Action{Do: ReturnHead, Place: r.w.Place})
	r.w.Sounds = true
	r.do(Action{Do: Play, Language: r.w.Language, Prompts: []string{"connect.again"}, Values: r.values()})
}
