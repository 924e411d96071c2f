// Calls of bytes, by the method's name: what no generated client would send.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <string>

namespace usher::chaos {

// A connection of its own; so much may be sent and received as the server allows.
std::shared_ptr<grpc::Channel> ChannelOfAStranger(const std::string& address,
                                                  grpc::ChannelArguments arguments = {});

// One unary call; what it answered is thrown away.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const grpc::ByteBuffer& request, grpc::ClientContext* context);

// The same zeros again and again: `size` bytes that cost the client next to nothing.
grpc::ByteBuffer Zeros(size_t size);
grpc::ByteBuffer Bytes(const std::string& bytes);

}  // namespace usher::chaos
