package flow
import "testing"
func TestX(t *testing.T){
 t.Log(bare("刚销售说能给我免费弄，这申请撤了吧"), drops(bare("刚销售说能给我免费弄，这申请撤了吧"),false), isQuestion("刚销售说能给我免费弄，这申请撤了吧"), changeWords.FindString("刚销售说能给我免费弄，这申请撤了吧"))
}
