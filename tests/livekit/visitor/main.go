// Somebody who comes to a LiveKit server with a token, for tests/livekit/run.
//
//	visitor URL           by LiveKit's own SDK, with sound and pictures as far as they are allowed
//	visitor --signal URL  by the signal connection alone, as a client that somebody has tampered with may
//
// The token is the first line of the input. Prints a line for whatever happens; each line of the input after it is
// something to do: "publish" a microphone, "say TEXT" to the others. Leaves when the input ends.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"github.com/gorilla/websocket"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/logger"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"
)

var printing sync.Mutex

func say(format string, arguments ...any) {
	printing.Lock()
	defer printing.Unlock()
	fmt.Printf(format+"\n", arguments...)
}

func end(code int) {
	printing.Lock() // what is being printed is printed
	os.Exit(code)
}

func rights(permission *livekit.ParticipantPermission) string {
	var sources []string
	for _, source := range permission.GetCanPublishSources() {
		sources = append(sources, strings.ToLower(source.String()))
	}
	slices.Sort(sources)
	return fmt.Sprintf("rights subscribe=%v publish=%v data=%v sources=%s", permission.GetCanSubscribe(),
		permission.GetCanPublish(), permission.GetCanPublishData(), strings.Join(sources, ","))
}

// Says what the rights are whenever they are others.
func watchRights(room *lksdk.Room) {
	last := ""
	for {
		if now := rights(room.LocalParticipant.Permissions()); now != last {
			last = now
			say("%s", now)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func publish(room *lksdk.Room) {
	track, err := lksdk.NewLocalTrack(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus})
	if err == nil {
		_, err = room.LocalParticipant.PublishTrack(track, &lksdk.TrackPublicationOptions{
			Name: "microphone", Source: livekit.TrackSource_MICROPHONE})
	}
	if err != nil {
		say("not published: %v", err)
		return
	}
	say("published")
}

func visit(address string, token string, input *bufio.Scanner) {
	callback := lksdk.NewRoomCallback()
	callback.OnDisconnectedWithReason = func(reason lksdk.DisconnectionReason) {
		say("gone: %s", reason)
		end(0)
	}
	callback.OnTrackPublished = func(publication *lksdk.RemoteTrackPublication, who *lksdk.RemoteParticipant) {
		say("sees a track of %s", who.Identity())
	}
	callback.OnTrackSubscribed = func(track *webrtc.TrackRemote, publication *lksdk.RemoteTrackPublication,
		who *lksdk.RemoteParticipant) {
		say("hears %s", who.Identity())
	}
	callback.OnDataPacket = func(data lksdk.DataPacket, parameters lksdk.DataReceiveParams) {
		if packet, ok := data.(*lksdk.UserDataPacket); ok {
			say("%s says %s", parameters.SenderIdentity, packet.Payload)
		}
	}
	room, err := lksdk.ConnectToRoomWithToken(address, token, callback)
	if err != nil {
		say("refused: %v", err)
		end(1)
	}
	say("joined %s as %s", room.Name(), room.LocalParticipant.Identity())
	go watchRights(room)
	for input.Scan() {
		switch order, text, _ := strings.Cut(input.Text(), " "); order {
		case "publish":
			publish(room)
		case "say":
			if err := room.LocalParticipant.PublishDataPacket(lksdk.UserData([]byte(text))); err != nil {
				say("not said: %v", err)
			}
		}
	}
	room.Disconnect()
	end(0)
}

// Reads what the server says, and answers nothing.
func listen(address string, token string, input *bufio.Scanner) {
	query := url.Values{"access_token": {token}, "protocol": {"15"}, "auto_subscribe": {"1"}, "sdk": {"go"}}
	connection, response, err := websocket.DefaultDialer.Dial(address+"/rtc?"+query.Encode(), http.Header{})
	if err != nil {
		if response != nil {
			say("refused: %s", response.Status)
		} else {
			say("refused: %v", err)
		}
		end(1)
	}
	go func() {
		for input.Scan() {
		}
		connection.Close()
		end(0)
	}()
	for {
		_, bytes, err := connection.ReadMessage()
		if err != nil {
			say("gone: %v", err)
			end(0)
		}
		message := &livekit.SignalResponse{}
		if proto.Unmarshal(bytes, message) != nil {
			continue
		}
		switch what := message.GetMessage().(type) {
		case *livekit.SignalResponse_Join:
			say("joined %s as %s", what.Join.GetRoom().GetName(), what.Join.GetParticipant().GetIdentity())
			say("%s", rights(what.Join.GetParticipant().GetPermission()))
			for _, other := range what.Join.GetOtherParticipants() {
				say("sees %s", other.GetIdentity())
			}
		case *livekit.SignalResponse_RefreshToken:
			say("token %s", what.RefreshToken)
		case *livekit.SignalResponse_Leave:
			say("gone: %s", what.Leave.GetReason())
			end(0)
		case *livekit.SignalResponse_Update:
			for _, other := range what.Update.GetParticipants() {
				say("sees %s %s", other.GetIdentity(), other.GetState())
			}
		}
	}
}

func main() {
	logger.InitFromConfig(&logger.Config{Level: "error"}, "visitor")
	lksdk.SetLogger(logger.LogRLogger(logr.Discard()))
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	input.Scan()
	if len(os.Args) == 3 && os.Args[1] == "--signal" {
		listen(os.Args[2], input.Text(), input)
	}
	visit(os.Args[1], input.Text(), input)
}
