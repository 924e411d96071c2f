#include "tests/conformance/published_methods.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace usher {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::DynamicMessageFactory;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::FileDescriptorProto;
using ::google::protobuf::FileDescriptorSet;
using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;
using ::google::protobuf::ServiceDescriptor;

// Sanitizers on a busy machine.
constexpr absl::Duration kLongestCall = absl::Seconds(30);

// The descriptor set rather than the generated pool, which has only what happens to be linked.
class Protocol {
 public:
  static Protocol& Get() {
    static auto* const protocol = new Protocol();
    return *protocol;
  }

  const std::vector<const MethodDescriptor*>& methods() const { return methods_; }
  std::unique_ptr<Message> New(const Descriptor& type) {
    return std::unique_ptr<Message>(factory_.GetPrototype(&type)->New());
  }

 private:
  Protocol() {
    std::ifstream stream(USHER_PROTOSET, std::ios::binary);
    FileDescriptorSet set;
    if (!set.ParseFromIstream(&stream)) throw std::runtime_error("cannot read " USHER_PROTOSET);
    for (const FileDescriptorProto& file : set.file()) {
      const FileDescriptor* built = pool_.BuildFile(file);
      if (built == nullptr) throw std::runtime_error("cannot build " + file.name());
      const std::string& package = built->package();
      const bool ours = absl::StartsWith(package, "usher.") && package != "usher.audit.v1" &&
                        package != "usher.session.v1" && package != "usher.engine.v1" &&
                        package != "usher.chat.v1" && package != "usher.businesslogic.v1";
      if (ours || absl::StartsWith(package, "grpc.")) continue;
      for (int i = 0; i < built->service_count(); ++i) AddMethods(*built->service(i));
    }
    std::sort(methods_.begin(), methods_.end(),
              [](const auto* a, const auto* b) { return a->full_name() < b->full_name(); });
  }

  void AddMethods(const ServiceDescriptor& service) {
    for (int i = 0; i < service.method_count(); ++i) methods_.push_back(service.method(i));
  }

  DescriptorPool pool_;
  DynamicMessageFactory factory_;
  std::vector<const MethodDescriptor*> methods_;
};

bool IsAccessInfo(const Message& message) {
  return message.GetDescriptor()->full_name() == "common.AccessInfo";
}

// The access info of a request: a field, or the request itself, or nothing.
Message* AccessInfoOf(Message* request) {
  if (IsAccessInfo(*request)) return request;
  const FieldDescriptor* field = request->GetDescriptor()->FindFieldByName("accessInfo");
  return field == nullptr ? nullptr : request->GetReflection()->MutableMessage(request, field);
}

grpc::ByteBuffer BytesOf(const Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

std::string StringOf(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!bytes.Valid() || !bytes.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

}  // namespace

const std::vector<const MethodDescriptor*>& PublishedMethods() { return Protocol::Get().methods(); }

const MethodDescriptor* FindPublishedMethod(const std::string& full_name) {
  for (const MethodDescriptor* method : PublishedMethods()) {
    if (method->full_name() == full_name) return method;
  }
  return nullptr;
}

std::string TestNameOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->name(), "_", method.name());
}

const std::string& ServerOf(const MethodDescriptor& method) {
  static const auto* const servers =
      new std::map<std::string, std::string>{{"authentication", "auth"},
                                             {"user", "user"},
                                             {"companyService", "company"},
                                             {"roomService", "room"},
                                             {"businessLogicService", "business-logic"},
                                             {"usher.chat.v1", "room"},
                                             {"usher.businesslogic.v1", "business-logic"},
                                             {"usher.audit.v1", "auth"},
                                             {"usher.session.v1", "auth"},
                                             {"usher.engine.v1", "room"}};
  const auto found = servers->find(method.file()->package());
  if (found == servers->end()) {
    throw std::runtime_error("which server serves " + method.full_name() + "?");
  }
  return found->second;
}

std::unique_ptr<Message> RequestOf(const MethodDescriptor& method) {
  return Protocol::Get().New(*method.input_type());
}

std::unique_ptr<Message> ReplyOf(const MethodDescriptor& method) {
  return Protocol::Get().New(*method.output_type());
}

::common::ReplyInfo ReplyInfoOf(const Message& reply) {
  const Message* info = &reply;
  if (reply.GetDescriptor()->full_name() != "common.ReplyInfo") {
    const FieldDescriptor* field = reply.GetDescriptor()->FindFieldByName("replyInfo");
    if (field == nullptr) throw std::runtime_error("no replyInfo in " + reply.GetTypeName());
    info = &reply.GetReflection()->GetMessage(reply, field);
  }
  ::common::ReplyInfo known;
  known.ParseFromString(info->SerializeAsString());
  return known;
}

void SetAccess(const std::string& token, const std::string& request_id, Message* request) {
  // In authenticate, which takes no token, the request ID stands in the request.
  Message* const access = AccessInfoOf(request);
  Message* const holder = access == nullptr ? request : access;
  const Descriptor& type = *holder->GetDescriptor();
  if (const FieldDescriptor* field = type.FindFieldByName("requestId")) {
    holder->GetReflection()->SetString(holder, field, request_id);
  }
  if (access == nullptr) return;
  access->GetReflection()->SetString(access, type.FindFieldByName("accessToken"), token);
}

namespace {

// What a unary call answered, in `bytes`.
grpc::Status CallOnce(grpc::GenericStub& stub, grpc::ClientContext& context,
                      const std::string& path, const grpc::ByteBuffer& request,
                      grpc::ByteBuffer* bytes) {
  grpc::CompletionQueue queue;
  grpc::Status status;
  const auto call = stub.PrepareUnaryCall(&context, path, request, &queue);
  call->StartCall();
  call->Finish(bytes, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

// Of a stream its first message is the answer; what would follow is not waited for.
grpc::Status CallForFirst(grpc::GenericStub& stub, grpc::ClientContext& context,
                          const std::string& path, const grpc::ByteBuffer& request,
                          grpc::ByteBuffer* bytes) {
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const auto call = stub.PrepareCall(&context, path, &queue);
  call->StartCall(nullptr);
  queue.Next(&tag, &ok);
  call->WriteLast(request, grpc::WriteOptions(), nullptr);
  queue.Next(&tag, &ok);
  bool came = false;
  call->Read(bytes, nullptr);
  queue.Next(&tag, &came);
  if (came) context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  return came ? grpc::Status::OK : status;
}

}  // namespace

Answer Call(House& house, const MethodDescriptor& method, const Message& request) {
  grpc::GenericStub stub(house.channel(ServerOf(method)));
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kLongestCall));
  const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  Answer answer;
  grpc::ByteBuffer bytes;
  const auto call = method.server_streaming() ? CallForFirst : CallOnce;
  answer.status = call(stub, context, path, BytesOf(request), &bytes);
  answer.reply = ReplyOf(method);
  if (!answer.status.ok()) return answer;
  if (!answer.reply->ParseFromString(StringOf(bytes))) {
    throw std::runtime_error(method.full_name() + " answered something else");
  }
  answer.info = ReplyInfoOf(*answer.reply);
  return answer;
}

}  // namespace usher
