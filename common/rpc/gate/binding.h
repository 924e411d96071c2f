// Binds the rpcs of a service, each a member function of its class, by one line each.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"

namespace usher::rpc {

// For the constructor of RoomRpc and its like:
//
//   rpc::Binding bind(gate, *this, "roomService.roomService");
//   bind.Serve("Create", {.name = "room.create", .creates = true}, &RoomRpc::Create);
//
// Owner derives from Service. Ends the process when the protocol has no such method, or one with
// other messages.
template <class Owner>
class Binding {
 public:
  template <class Request, class Reply>
  using Closed = absl::Status (Owner::*)(const Caller&, const Request&, Reply&);
  template <class Request, class Reply>
  using Open = absl::Status (Owner::*)(const CallContext&, const Request&, Reply&);
  template <class Request, class Reply>
  using Either = absl::Status (Owner::*)(const CallContext&, const Caller* caller, const Request&,
                                         Reply&);
  template <class Request, class Reply>
  using ClosedStream = absl::Status (Owner::*)(const Caller&, const Request&, Stream<Reply>);

  Binding(Gate& gate, Owner& owner, const std::string& service)
      : gate_(gate), owner_(owner), service_(owner.Expose(service)) {}

  // A method that takes a verified caller.
  template <class Request, class Reply>
  void Serve(const std::string& name, MethodSpec spec, Closed<Request, Reply> body) {
    BindClosed(Add(name, std::move(spec), Admission::kToken, {}), body);
  }

  // A method that anybody may call. The few there are can be found by searching for this name.
  template <class Request, class Reply>
  void ServeOpen(const std::string& name, MethodSpec spec, Open<Request, Reply> body) {
    BindOpen(Add(name, std::move(spec), Admission::kOpen, {}), body);
  }

  // A method that takes a verified caller, or none: where no token comes, `caller` is null, and it
  // is for the body to say what else will do. A token that comes has to be good. Guests are let in.
  template <class Request, class Reply>
  void ServeWithOrWithoutToken(const std::string& name, MethodSpec spec,
                               Either<Request, Reply> body) {
    spec.guests = true;
    Method& method = Add(name, std::move(spec), Admission::kOpen, {});
    method.SetTypes<Request, Reply>();
    method.body = [owner = &owner_, body](const Admitted& admitted,
                                          const google::protobuf::Message& request,
                                          google::protobuf::Message& reply) {
      const Caller* const caller = admitted.caller.has_value() ? &*admitted.caller : nullptr;
      return (owner->*body)(*admitted.call, caller, static_cast<const Request&>(request),
                            static_cast<Reply&>(reply));
    };
    AddCall(method);
  }

  // A method of the internal port: only the services named in `peers` ("user", "room") may call it,
  // by the name in their certificates.
  template <class Request, class Reply>
  void ServeInternal(const std::string& name, std::vector<std::string> peers, MethodSpec spec,
                     Open<Request, Reply> body) {
    BindOpen(Add(name, std::move(spec), Admission::kPeer, std::move(peers)), body);
  }

  // The same where an end user stands behind the call, whose token is checked again.
  template <class Request, class Reply>
  void ServeInternalFor(const std::string& name, std::vector<std::string> peers, MethodSpec spec,
                        Closed<Request, Reply> body) {
    BindClosed(Add(name, std::move(spec), Admission::kPeerAndToken, std::move(peers)), body);
  }

  // A stream of replies to a verified caller. The body keeps the stream, sends on it for as long as
  // it likes from any thread, and returns at once: OK when it goes on. The gate ends it when the
  // token is no longer good, and when the server stops.
  template <class Request, class Reply>
  void ServeStream(const std::string& name, MethodSpec spec, ClosedStream<Request, Reply> body) {
    Method& method = Add(name, std::move(spec), Admission::kToken, {});
    method.SetTypes<Request, Reply>();
    method.stream_body = [owner = &owner_, body](const Admitted& admitted,
                                                 const google::protobuf::Message& request,
                                                 std::shared_ptr<StreamSink> sink) {
      return (owner->*body)(*admitted.caller, static_cast<const Request&>(request),
                            Stream<Reply>(std::move(sink)));
    };
    owner_.AddStream(service_, name, [gate = &gate_, &method](StreamCall& call) {
      gate->HandleStream(method, call, call.sink());
    });
  }

 private:
  Method& Add(const std::string& name, MethodSpec spec, Admission admission,
              std::vector<std::string> peers) {
    return gate_.Add(service_.FindMethod(name), std::move(spec), admission, std::move(peers));
  }

  template <class Request, class Reply>
  void BindClosed(Method& method, Closed<Request, Reply> body) {
    method.SetTypes<Request, Reply>();
    method.body = [owner = &owner_, body](const Admitted& admitted,
                                          const google::protobuf::Message& request,
                                          google::protobuf::Message& reply) {
      return (owner->*body)(*admitted.caller, static_cast<const Request&>(request),
                            static_cast<Reply&>(reply));
    };
    AddCall(method);
  }

  template <class Request, class Reply>
  void BindOpen(Method& method, Open<Request, Reply> body) {
    method.SetTypes<Request, Reply>();
    method.body = [owner = &owner_, body](const Admitted& admitted,
                                          const google::protobuf::Message& request,
                                          google::protobuf::Message& reply) {
      return (owner->*body)(*admitted.call, static_cast<const Request&>(request),
                            static_cast<Reply&>(reply));
    };
    AddCall(method);
  }

  void AddCall(Method& method) {
    owner_.AddUnary(
        service_, method.descriptor.name(),
        [gate = &gate_, &method](RawCall& call) { gate->Handle(method, call); }, method.IsSlow());
  }

  Gate& gate_;
  Owner& owner_;
  RawService& service_;
};

}  // namespace usher::rpc
