// A media engine's side of usher, as an author of one would write it in Go: docs/engines.md. Nothing is sent to anybody
// here; whoever takes it puts what moves audio and video into the places that say so.
//
//	example --auth HOST:PORT --room-service HOST:PORT --company ID --client-id ID --code-file FILE --name NAME ROOM_ID:USER_ID...
//
// holds the named users in the named rooms until it is told otherwise, prints a line for all that happens, and leaves
// when its input ends. example/pb is what protoc makes of proto/ (tests/engines/run).
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	authentication "example/pb/authentication"
	common "example/pb/common"
	engine "example/pb/engine"
)

const (
	patience     = 10 * time.Second // for one call
	longestPause = 5 * time.Second  // between two attempts
	mostRooms    = 500              // in one report
)

// Engine keeps usher up to date about its rooms, and does what it is told.
type Engine struct {
	auth    authentication.AuthenticationServiceClient
	service engine.EngineServiceClient
	signIn  *authentication.AuthenticationRequest
	name    string

	mutex       sync.Mutex
	rooms       map[string]map[string]*engine.Occupant // room ID -> user ID -> who it is
	closed      []string                               // rooms, since the last report
	fresh       bool                                   // the next report tells everything there is
	reportEvery time.Duration
	changed     chan struct{}

	tokenMutex sync.Mutex
	token      []byte
	tokenEnds  time.Time
}

// Enter is for whoever comes in.
func (e *Engine) Enter(room, user string) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.rooms[room] == nil {
		e.rooms[room] = map[string]*engine.Occupant{}
	}
	e.rooms[room][user] = &engine.Occupant{Person: &engine.Person{UserId: user}}
	e.wake()
}

func (e *Engine) wake() {
	select {
	case e.changed <- struct{}{}:
	default: // somebody has said so already
	}
}

func (e *Engine) putOut(order *engine.PutOut) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for room, users := range e.rooms {
		if (order.RoomId == "" || order.RoomId == room) && users[order.UserId] != nil {
			// Here: disconnect the user, and refuse the token that they had.
			delete(users, order.UserId)
			fmt.Println("put out", order.UserId, "of", room)
			e.wake()
		}
	}
}

func (e *Engine) closeRoom(room string) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.rooms[room] == nil {
		return
	}
	// Here: disconnect everybody in it.
	delete(e.rooms, room)
	e.closed = append(e.closed, room)
	fmt.Println("closed", room)
	e.wake()
}

func (e *Engine) obey(command *engine.Command) {
	switch order := command.Order.(type) {
	case *engine.Command_Welcome:
		// The stream is open: whatever happened before, a full report brings both up to date.
		e.mutex.Lock()
		e.reportEvery = time.Duration(order.Welcome.ReportEverySeconds) * time.Second
		e.fresh = true
		e.mutex.Unlock()
		e.wake()
	case *engine.Command_PutOut:
		e.putOut(order.PutOut)
	case *engine.Command_CloseRoom:
		e.closeRoom(order.CloseRoom.RoomId)
	case *engine.Command_RoomChanged: // here: ask FindRights for quotas
		fmt.Println("changed", order.RoomChanged.RoomId)
	case *engine.Command_PermissionsChanged: // here: ask FindRights
		fmt.Println("rights", order.PermissionsChanged.RoomId, order.PermissionsChanged.UserId)
	}
}

// Obeys, and then acknowledges: what was not acknowledged is sent again.
func (e *Engine) follow(ctx context.Context) error {
	access, err := e.access(ctx)
	if err != nil {
		return err
	}
	stream, err := e.service.WatchCommands(ctx, &engine.WatchCommandsRequest{AccessInfo: access, EngineId: e.name})
	if err != nil {
		return err
	}
	for {
		command, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := e.check(command.ReplyInfo); err != nil {
			return err
		}
		e.obey(command)
		if command.CommandId == "" {
			continue
		}
		if access, err = e.access(ctx); err != nil {
			return err
		}
		call, cancel := context.WithTimeout(ctx, patience)
		reply, err := e.service.Acknowledge(call, &engine.AcknowledgeRequest{
			AccessInfo: access, EngineId: e.name, CommandIds: []string{command.CommandId}})
		cancel()
		if err != nil {
			return err
		}
		if err := e.check(reply.ReplyInfo); err != nil {
			return err
		}
	}
}

// All rooms, now and whenever something changes, at least as often as was asked for.
func (e *Engine) report(ctx context.Context) error {
	e.mutex.Lock()
	everything, every, closed := e.fresh, e.reportEvery, e.closed
	e.fresh, e.closed = false, nil
	var rooms []*engine.RoomReport
	for room, users := range e.rooms {
		report := &engine.RoomReport{RoomId: room}
		for _, occupant := range users {
			report.Occupants = append(report.Occupants, occupant)
		}
		rooms = append(rooms, report)
	}
	e.mutex.Unlock()
	for first := true; first || len(rooms) > 0; first = false {
		part := rooms[:min(len(rooms), mostRooms)]
		rooms = rooms[len(part):]
		request := &engine.ReportRequest{EngineId: e.name, Rooms: part, AllRooms: first && everything}
		if first {
			request.ClosedRoomIds = closed
		}
		if err := e.send(ctx, request); err != nil {
			e.mutex.Lock()
			e.fresh = true
			e.mutex.Unlock()
			return err
		}
	}
	fmt.Println("reported")
	select {
	case <-e.changed:
	case <-time.After(every):
	case <-ctx.Done():
	}
	return nil
}

func (e *Engine) send(ctx context.Context, request *engine.ReportRequest) error {
	access, err := e.access(ctx)
	if err != nil {
		return err
	}
	request.AccessInfo = access
	call, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := e.service.Report(call, request)
	if err != nil {
		return err
	}
	if err := e.check(reply.ReplyInfo); err != nil {
		return err
	}
	for _, room := range reply.UnknownRoomIds {
		e.closeRoom(room)
	}
	for _, order := range reply.PutOut {
		e.putOut(order)
	}
	return nil
}

// A token that is good for some minutes yet.
func (e *Engine) access(ctx context.Context) (*common.AccessInfo, error) {
	e.tokenMutex.Lock()
	defer e.tokenMutex.Unlock()
	if time.Until(e.tokenEnds) < 5*time.Minute {
		call, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		reply, err := e.auth.Authenticate(call, e.signIn)
		if err != nil {
			return nil, err
		}
		if reply.ReplyInfo.GetStatusCode() != common.ReplyStatusCode_OK {
			return nil, fmt.Errorf("%v: %s", reply.ReplyInfo.StatusCode, reply.ReplyInfo.StatusMessage)
		}
		e.token, e.tokenEnds = reply.AccessToken, time.Unix(reply.ExpiresAt, 0)
	}
	return &common.AccessInfo{AccessToken: e.token, RequestId: "engine " + e.name}, nil
}

// Whatever usher refuses is tried again with a new token.
func (e *Engine) check(info *common.ReplyInfo) error {
	if info.GetStatusCode() == common.ReplyStatusCode_OK {
		return nil
	}
	e.tokenMutex.Lock()
	e.tokenEnds = time.Time{}
	e.tokenMutex.Unlock()
	return fmt.Errorf("%v: %s", info.StatusCode, info.StatusMessage)
}

// Goes on with `work`, whatever happens to the connection, until the end.
func keep(ctx context.Context, done *sync.WaitGroup, work func(context.Context) error) {
	defer done.Done()
	for pause := 100 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, longestPause) {
		if err := work(ctx); err == nil {
			pause = 100 * time.Millisecond
		} else if ctx.Err() == nil {
			log.Print(err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

func main() {
	var auth, service, company, client, codeFile, name string
	flag.StringVar(&auth, "auth", "", "HOST:PORT")
	flag.StringVar(&service, "room-service", "", "HOST:PORT")
	flag.StringVar(&company, "company", "", "")
	flag.StringVar(&client, "client-id", "", "")
	flag.StringVar(&codeFile, "code-file", "", "")
	flag.StringVar(&name, "name", "", "")
	flag.Parse()
	code, err := os.ReadFile(codeFile)
	if err != nil {
		log.Fatal(err)
	}
	connect := func(address string) *grpc.ClientConn {
		connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			log.Fatal(err)
		}
		return connection
	}
	e := &Engine{
		auth:    authentication.NewAuthenticationServiceClient(connect(auth)),
		service: engine.NewEngineServiceClient(connect(service)),
		signIn: &authentication.AuthenticationRequest{AuthorizationCodeCredentials: &authentication.AuthorizationCodeCredentials{
			CompanyId: company, ClientId: client, Code: strings.TrimSpace(string(code))}},
		name: name, rooms: map[string]map[string]*engine.Occupant{}, fresh: true,
		reportEvery: 30 * time.Second, changed: make(chan struct{}, 1)}
	for _, place := range flag.Args() {
		room, user, _ := strings.Cut(place, ":")
		e.Enter(room, user)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Add(2)
	go keep(ctx, &done, e.follow)
	go keep(ctx, &done, e.report)
	io.Copy(io.Discard, os.Stdin)
	cancel()
	done.Wait()
	// The last report says that there is nobody any more; without it that is forgotten by itself.
	if err := e.send(context.Background(), &engine.ReportRequest{EngineId: name, AllRooms: true}); err != nil {
		log.Print(err)
	}
}
