# GPT-2 for inference, in TorchScript. libtorch compiles this file when it is loaded (TorchScriptProgram).
#
# Shapes:
#   N      tokens of one pass: the new tokens of all its texts, end to end, without padding
#   T      new tokens of one text
#   P      tokens of that text that its cache holds already
#   S      P + T
#   C      width of the residual stream
#   NH     attention heads
#   HS     size of a head, C / NH
#   V      vocabulary
#   R      scored tokens, whose distribution over the next token is computed
#
# The language is that of torch.jit.script, without imports. `torch.f` is an ATen operator, `ops.n.f` is
# operator f of namespace n, and types are the numbers below. TorchScriptProgram replaces the constants of
# this block by their values before libtorch reads the file. More methods of the class may follow this file:
# training.py of the module finetune continues it.

# libtorch's ScalarType
INT8 = 1
INT32 = 3
INT64 = 4
FP16 = 5
FP32 = 6
FP64 = 7
BOOL = 11
QINT8 = 12
BF16 = 15

# The model's weights are one list: the embeddings, twelve weights a layer, the last layer norm. LN_1 to
# MLP_PROJ are offsets from a layer's first weight; a bias follows its weight. Matrices are [out, in], which
# torch.linear multiplies fastest; Hugging Face's files hold them [in, out].
WTE = 0             # (V, C) token embedding, and the LM head
WPE = 1             # (positions, C) position embedding
FIRST_LAYER = 2
LAYER_WEIGHTS = 12
LN_1 = 0            # (C), (C)
C_ATTN = 2          # (3C, C), (3C) query, key and value
ATTN_PROJ = 4       # (C, C), (C)
LN_2 = 6            # (C), (C)
C_FC = 8            # (4C, C), (4C)
MLP_PROJ = 10       # (C, 4C), (C)
LN_F = -2           # (C), (C)


class Gpt2(Module):
    __parameters__ = []
    __buffers__ = []
    training : bool
    layers : int
    heads : int
    epsilon : float
    # As with autocast, only matrix products and attention compute in `dtype`: FP32, BF16 or FP16. Layer
    # norms, the residual stream, softmax and losses stay in FP32.
    dtype : int
    w : List[Tensor]
    # INT8, on the CPU only: packed[at] is matrix w[at] with its bias, packed[WTE] is the LM head. Weights
    # are rounded once, symmetrically, with one scale for each output; activations when they come, with one
    # scale for all tokens of a call. Everything else stays in FP32. Empty in other precisions.
    packed : Dict[int, __torch__.torch.classes.quantized.LinearPackedParamsBase]
    reduce_range : bool

    # Keeps the weights for inference, matrices in `dtype`. In the same type they share w's memory.
    def load(self, w: List[Tensor], dtype: int) -> None:
        self.packed.clear()
        if dtype == QINT8:
            self.dtype = FP32
            self.w = self.quantize(w)
        else:
            self.dtype = dtype
            self.w = [t.to(dtype if t.dim() == 2 else FP32) for t in w]

    # Packs the matrices in INT8 and returns what is kept beside them: the token embedding in BF16, nothing
    # in the place of another packed matrix, and the rest in FP32.
    def quantize(self, w: List[Tensor]) -> List[Tensor]:
        self.reduce_range = self.int8_saturates()
        self.packed[WTE] = self.quantized(w[WTE], None)
        kept = [w[WTE].to(BF16), w[WPE].to(FP32)]
        for at in range(FIRST_LAYER, len(w)):
            if w[at].dim() == 2:
                self.packed[at] = self.quantized(w[at], w[at + 1])
                kept.append(torch.empty([0], dtype=FP32))
            else:
                kept.append(w[at].to(FP32))
        return kept

    def quantized(self, weight: Tensor, bias: Optional[Tensor]) -> __torch__.torch.classes.quantized.LinearPackedParamsBase:
        scales = (weight.abs().amax([1]) / 127.).clamp_min(1e-12)             # (out)
        # quantize_per_channel gives the same values, on one core and ten times slower.
        values = (weight / scales.unsqueeze(1)).round_().to(INT8)             # (out, in)
        zeros = torch.zeros([weight.size(0)], dtype=INT64)                    # (out)
        matrix = torch._make_per_channel_quantized_tensor(values, scales, zeros, 0)
        return ops.quantized.linear_prepack(matrix, bias)

    # Whether the sum of two 8-bit products overflows 16 bits on this CPU, as on x86 without VNNI.
    # Activations then get 7 bits. Each of these products is 255 times 127.
    def int8_saturates(self) -> bool:
        ones = self.quantized(torch.ones([16, 64], dtype=FP32), None)
        product = ops.quantized.linear_dynamic(torch.ones([1, 64], dtype=FP32), ones, False)
        return bool(product[0][0] < 63.)

    # Room for the keys and values of `capacity` tokens: keys of layer i at 2 i, values at 2 i + 1.
    def new_cache(self, capacity: int) -> List[Tensor]:
        wte = self.w[WTE]
        shape = [1, self.heads, capacity, wte.size(1) // self.heads]          # (1, NH, capacity, HS)
        return [torch.zeros(shape, dtype=self.dtype, device=wte.device) for i in range(2 * self.layers)]

    # Copies the first `length` tokens of one cache into another.
    def copy_cache(self, source: List[Tensor], target: List[Tensor], length: int) -> None:
        for i in range(len(source)):
            target[i].narrow(2, 0, length).copy_(source[i].narrow(2, 0, length))

    # Reads the new tokens of several texts in one pass: matrix products go over all N of them, attention
    # goes text by text. Text i has counts[i] new tokens and pasts[i] tokens in its cache, caches[i]. The new
    # tokens' keys and values are written into the cache behind those.
    #
    # `numbers` holds, end to end, the ids (N), each token's position in its own text (N), and the scored
    # rows (R) of the N tokens, so that one upload brings them all.
    #
    # The tokens of a text may form a tree of several continuations, as in SpecInfer (Miao et al. 2024):
    # then masks[i] (T, S) is true where a token attends to a slot of the cache. `attention_masks` holds the
    # masks of such texts end to end; masked[i] is false for one whose tokens follow one another.
    #
    # Returns, all in FP32,
    #   (R, V)  for the scored rows the log-probabilities of the next token; the logits where `normalize` is
    #           false
    #   (R, C)  for these rows the output of the last layer norm
    def forward_batch(self, numbers: Tensor, attention_masks: Tensor,
                      caches: List[List[Tensor]], pasts: List[int], counts: List[int], masked: List[bool],
                      normalize: bool) -> List[Tensor]:
        N = 0
        for count in counts:
            N += count
        ids = numbers.narrow(0, 0, N)                                         # (N)
        positions = numbers.narrow(0, N, N)                                   # (N)
        scored_rows = numbers.narrow(0, 2 * N, numbers.size(0) - 2 * N)       # (R)
        x = torch.embedding(self.w[WTE], ids).to(FP32) + torch.embedding(self.w[WPE], positions).to(FP32)
        masks = self.masks_of_texts(pasts, counts, attention_masks, masked)
        for i in range(self.layers):
            x = self.block(i, x, caches, pasts, counts, masks)                # (N, C)
        hidden = self.layer_norm(x, LN_F)                              # (N, C)
        scored = hidden.index_select(0, scored_rows)                          # (R, C)
        scores = self.lm_head(scored)                                         # (R, V)
        if normalize:
            scores = scores.log_softmax(-1)                                   # (R, V)
        return [scores, scored]

    # forward_batch for a GPU, from which whole rows would take longer to download than to compute: (R, 2 K + C)
    # in FP32, the K highest log-probabilities of each row, the tokens that have them, and the hidden state.
    def forward_top(self, numbers: Tensor, attention_masks: Tensor,
                    caches: List[List[Tensor]], pasts: List[int], counts: List[int], masked: List[bool],
                    K: int) -> Tensor:
        scores, scored = self.forward_batch(numbers, attention_masks, caches, pasts, counts, masked, True)
        highest, tokens = scores.topk(K)                                      # (R, K) each
        return torch.cat([highest, tokens.to(FP32), scored], 1)

    # The attention mask of each text. It stays empty where none is needed: for a text from its beginning
    # on, which is read with is_causal, and for a single token, which attends to all tokens before it.
    def masks_of_texts(self, pasts: List[int], counts: List[int], attention_masks: Tensor, masked: List[bool]) -> List[Tensor]:
        masks: List[Tensor] = []
        start = 0
        for i in range(len(counts)):
            T = counts[i]
            S = pasts[i] + T
            mask = attention_masks.narrow(0, start, 0)
            if masked[i]:
                mask = attention_masks.narrow(0, start, T * S).view([T, S])
                start += T * S
            elif pasts[i] > 0 and T > 1:
                ones = torch.ones([T, S], dtype=BOOL, device=attention_masks.device)
                mask = ones.tril(pasts[i])                                    # (T, S)
            masks.append(mask)
        return masks

    def block(self, i: int, x: Tensor, caches: List[List[Tensor]], pasts: List[int], counts: List[int], masks: List[Tensor]) -> Tensor:
        at = FIRST_LAYER + i * LAYER_WEIGHTS
        x = x + self.attention(i, self.layer_norm(x, at + LN_1), caches, pasts, counts, masks)
        x = x + self.mlp(i, self.layer_norm(x, at + LN_2))
        return x                                                              # (N, C)

    # Causal self-attention of layer i, text by text.
    def attention(self, i: int, x: Tensor, caches: List[List[Tensor]], pasts: List[int], counts: List[int], masks: List[Tensor]) -> Tensor:
        at = FIRST_LAYER + i * LAYER_WEIGHTS
        qkv = self.linear(x, at + C_ATTN)                              # (N, 3C)
        q, k, v = self.split_heads(qkv, 1)                                    # (1, NH, N, HS) each
        outputs: List[Tensor] = []
        start = 0
        for text in range(len(counts)):
            P = pasts[text]
            T = counts[text]
            keys = caches[text][2 * i].narrow(2, 0, P + T)                    # (1, NH, S, HS)
            values = caches[text][2 * i + 1].narrow(2, 0, P + T)              # (1, NH, S, HS)
            keys.narrow(2, P, T).copy_(k.narrow(2, start, T))
            values.narrow(2, P, T).copy_(v.narrow(2, start, T))
            mask: Optional[Tensor] = None
            causal = P == 0
            if masks[text].numel() > 0:
                mask = masks[text]                                            # (T, S)
                causal = False
            outputs.append(torch.scaled_dot_product_attention(q.narrow(2, start, T), keys, values, mask, 0., causal))
            start += T
        y = outputs[0] if len(outputs) == 1 else torch.cat(outputs, 2)        # (1, NH, N, HS)
        return self.linear(y.transpose(1, 2).reshape(x.size()), at + ATTN_PROJ)  # (N, C)

    def mlp(self, i: int, x: Tensor) -> Tensor:
        at = FIRST_LAYER + i * LAYER_WEIGHTS
        up = torch.gelu(self.linear(x, at + C_FC), approximate="tanh")  # (N, 4C)
        return self.linear(up, at + MLP_PROJ)                          # (N, C)

    def layer_norm(self, x: Tensor, at: int) -> Tensor:
        return torch.layer_norm(x, [x.size(1)], self.w[at], self.w[at + 1], self.epsilon)  # (N, C)

    # x (N, in) times the transpose of w[at] (out, in), plus the bias w[at + 1] (out).
    def linear(self, x: Tensor, at: int) -> Tensor:
        if len(self.packed) > 0:
            y = ops.quantized.linear_dynamic(x, self.packed[at], self.reduce_range)
        else:
            y = torch.linear(x.to(self.dtype), self.w[at], self.w[at + 1].to(self.dtype))
        return y                                                              # (N, out)

    # Query, key and value of B sequences of equal length T, one after the other: from (B T, 3C) to
    # (B, NH, T, HS) each.
    def split_heads(self, qkv: Tensor, B: int) -> List[Tensor]:
        T = qkv.size(0) // B
        HS = qkv.size(1) // 3 // self.heads
        return qkv.view([B, T, 3, self.heads, HS]).permute([2, 0, 3, 1, 4]).unbind()

    # Logits in FP32 of the token after each hidden state (R, C).
    def lm_head(self, hidden: Tensor) -> Tensor:
        if len(self.packed) > 0:
            logits = ops.quantized.linear_dynamic(hidden, self.packed[WTE], self.reduce_range)
        else:
            logits = torch.linear(hidden.to(self.dtype), self.w[WTE]).to(FP32)
        return logits                                                         # (R, V)

    # Turns a matrix from a file's [in, out] into [out, in], or back.
    def transpose(self, weight: Tensor) -> Tensor:
        return weight.t().clone(memory_format=0)
