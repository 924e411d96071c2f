#include "tests/chaos/raw_call.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <vector>

namespace usher::chaos {

std::shared_ptr<grpc::Channel> ChannelOfAStranger(const std::string& address,
                                                  grpc::ChannelArguments arguments) {
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const grpc::ByteBuffer& request, grpc::ClientContext* context) {
  const grpc::internal::RpcMethod rpc(method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  grpc::ByteBuffer reply;
  return grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), rpc, context, request, &reply);
}

grpc::ByteBuffer Zeros(size_t size) {
  constexpr size_t kPiece = 1024 * 1024;
  const grpc::Slice zeros(std::string(kPiece, '\0'));
  std::vector<grpc::Slice> slices(size / kPiece, zeros);
  return grpc::ByteBuffer(slices.data(), slices.size());
}

grpc::ByteBuffer Bytes(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace usher::chaos
