package call

// Moves returns the acts by which a call in a state follows an action of its
// menu; none if the action moves nothing. Ringing an agent (Offer, Miss) is no
// action of a menu, and comes from who offers the call.
func (a Action) Moves(s State) []Act {
	var acts []Act
	switch s {
	case Surveying, Recording, AskedBack: // it is over when the menu goes on
		acts = append(acts, Continue)
	case Ringing, InMenu, Queued, Offered, Talking, Held, Consulting, Conferring, WrappingUp, Ended:
	}
	switch a.Do {
	case EnterQueue:
		if s.WithAgent() {
			return []Act{Requeue}
		}
		return append(acts, Enqueue)
	case ReturnHead:
		return []Act{LoseAgent}
	case ExitQueue:
		return []Act{LeaveQueue}
	case ConnectTo:
		return []Act{Connect}
	case GoOn:
		return []Act{Continue}
	case BeginSurvey:
		return append(acts, Rate)
	case NoteBack:
		return append(acts, AskBack)
	case TakeDown:
		return append(acts, TakeMessage)
	case EndCall:
		return []Act{HangUp}
	case Play, Stop, PlayMusic, TakeNotice, LogAdvice, AskSystem, StopRecord, TransferTo, KeepRating, PauseSecret, ResumeSecret:
	}
	return nil
}
