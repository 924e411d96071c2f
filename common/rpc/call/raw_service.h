// A service of the wire whose messages go in and out as bytes.
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <deque>
#include <string>

namespace usher::rpc {

// What generated services do with typed messages, from the descriptor and for all services alike:
// who handles a call decides when, where and whether its request is parsed. Has the methods that
// were added to it; any other is UNIMPLEMENTED. Built before the server.
class RawService final : public grpc::Service {
 public:
  // Ends the process when this program has no such service: "roomService.roomService".
  explicit RawService(const std::string& full_name);

  // Ends the process when there is no such method; so do those below.
  const google::protobuf::MethodDescriptor& FindMethod(const std::string& name) const;

  // Adds a method by its name there, and returns it by a number for the functions below.
  int AddUnary(const std::string& name);
  int AddServerStream(const std::string& name);

  // Ask gRPC for the next call of a method; all that is given outlives it.
  void RequestUnary(int method, grpc::ServerContext* context, grpc::ByteBuffer* request,
                    grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>* writer,
                    grpc::ServerCompletionQueue* queue, void* tag) {
    RequestAsyncUnary(method, context, request, writer, queue, queue, tag);
  }
  void RequestServerStream(int method, grpc::ServerContext* context, grpc::ByteBuffer* request,
                           grpc::ServerAsyncWriter<grpc::ByteBuffer>* writer,
                           grpc::ServerCompletionQueue* queue, void* tag) {
    RequestAsyncServerStreaming(method, context, request, writer, queue, queue, tag);
  }

 private:
  int Add(const std::string& name, grpc::internal::RpcMethod::RpcType type);

  const google::protobuf::ServiceDescriptor* const descriptor_;
  std::deque<std::string> paths_;  // gRPC keeps pointers to them
};

}  // namespace usher::rpc
