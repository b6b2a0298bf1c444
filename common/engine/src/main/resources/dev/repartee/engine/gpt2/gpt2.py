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
#   O      tokens that the LM head gives probabilities to: V, or fewer in INT8
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

CONTIGUOUS = 0      # its MemoryFormat

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

    # Keeps the weights for inference, matrices in `dtype`. Where `copy` is false, what has that type already stays in w's memory.
    # For INT8, each of w's matrices must have been packed and kept before.
    def load(self, w: List[Tensor], dtype: int, copy: bool) -> None:
        if dtype == QINT8:
            self.dtype = FP32
            self.reduce_range = self.int8_saturates()
            self.w = self.beside_packed(w, copy)
        else:
            self.packed.clear()
            self.dtype = dtype
            self.w = [t.to(dtype if t.dim() == 2 else FP32, copy=copy, memory_format=CONTIGUOUS) for t in w]

    # What INT8 keeps beside the packed matrices: the token embedding in BF16, nothing in the place of another
    # packed matrix, and the rest in FP32.
    def beside_packed(self, w: List[Tensor], copy: bool) -> List[Tensor]:
        kept = [w[WTE].to(BF16), w[WPE].to(FP32, copy=copy)]
        for at in range(FIRST_LAYER, len(w)):
            if w[at].dim() == 2:
                kept.append(torch.empty([0], dtype=FP32))
            else:
                kept.append(w[at].to(FP32, copy=copy))
        return kept

    # Matrix w[at] in INT8, with its bias. WTE is packed as the LM head, for the tokens `outputs` (O), or all where there are none.
    # Changes nothing here, so that several threads may pack, each another matrix.
    def pack(self, w: List[Tensor], at: int, outputs: Tensor, copy: bool) -> __torch__.torch.classes.quantized.LinearPackedParamsBase:
        if at == WTE:
            head = w[WTE] if outputs.size(0) == 0 else w[WTE].index_select(0, outputs)  # (O, C)
            matrix = self.quantized(head, None)
        else:
            matrix = self.quantized(w[at], w[at + 1].to(FP32, copy=copy))
        return matrix

    # For one thread at a time.
    def keep(self, at: int, matrix: __torch__.torch.classes.quantized.LinearPackedParamsBase) -> None:
        self.packed[at] = matrix

    def quantized(self, weight: Tensor, bias: Optional[Tensor]) -> __torch__.torch.classes.quantized.LinearPackedParamsBase:
        scales = (weight.abs().amax([1]) / 127.).clamp_min(1e-12)             # (out)
        # quantize_per_channel gives the same values, on one core and ten times slower.
        values = (weight / scales.unsqueeze(1)).round_().to(INT8).contiguous()  # (out, in)
        zeros = torch.zeros([weight.size(0)], dtype=INT64)                    # (out)
        matrix = torch._make_per_channel_quantized_tensor(values, scales, zeros, 0)
        return ops.quantized.linear_prepack(matrix, bias)

    # Whether the sum of two 8-bit products overflows 16 bits on this CPU, as on x86 without VNNI.
    # Activations then get 7 bits. Each of these products is 255 times 127.
    def int8_saturates(self) -> bool:
        ones = self.quantized(torch.ones([16, 64], dtype=FP32), None)
        product = ops.quantized.linear_dynamic(torch.ones([1, 64], dtype=FP32), ones, False)
        return bool(product[0][0] < 63.)

    # Room for the keys and values of `capacity` tokens. INT8 keeps them in BF16 and attends in FP32: half the bytes
    # cost less to read than it costs to convert them. A head's keys are beside its values, so that a thread that converts a head also
    # attends with it, in its own core's cache; keys of all heads before all values took twice as long.
    def new_cache(self, capacity: int) -> Tensor:
        wte = self.w[WTE]
        shape = [self.layers, 1, self.heads, 2, capacity, wte.size(1) // self.heads]
        dtype = BF16 if len(self.packed) > 0 else self.dtype
        return torch.empty(shape, dtype=dtype, device=wte.device)             # (layers, 1, NH, 2, capacity, HS)

    # Copies the first `length` tokens of one cache into another.
    def copy_cache(self, source: Tensor, target: Tensor, length: int) -> None:
        target.narrow(4, 0, length).copy_(source.narrow(4, 0, length))

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
    #   (R, O)  for the scored rows the log-probabilities of the next token; the logits where `normalize` is
    #           false
    #   (R, C)  for these rows the output of the last layer norm
    def forward_batch(self, numbers: Tensor, attention_masks: Tensor,
                      caches: List[Tensor], pasts: List[int], counts: List[int], masked: List[bool],
                      normalize: bool) -> List[Tensor]:
        N = 0
        for count in counts:
            N += count
        ids = numbers.narrow(0, 0, N)                                         # (N)
        positions = numbers.narrow(0, N, N)                                   # (N)
        rows = numbers.narrow(0, 2 * N, numbers.size(0) - 2 * N)              # (R)
        x = torch.embedding(self.w[WTE], ids).to(FP32) + torch.embedding(self.w[WPE], positions).to(FP32)
        slots: List[List[Tensor]] = []      # of each text and layer, up to the new tokens: (1, NH, 2, S, HS)
        added: List[List[Tensor]] = []      # of them those of the new tokens: (1, NH, 2, T, HS)
        for text in range(len(counts)):
            cache = caches[text].narrow(4, 0, pasts[text] + counts[text])     # (layers, 1, NH, 2, S, HS)
            slots.append(cache.unbind())
            added.append(cache.narrow(4, pasts[text], counts[text]).unbind())
        masks = self.masks_of_texts(pasts, counts, attention_masks, masked)
        for i in range(self.layers):
            x = self.block(i, x, slots, added, pasts, masks, rows)            # (N, C), and (R, C) after the last
        if rows.size(0) == 0:
            return [x, x]
        hidden = self.layer_norm(x, LN_F)                                     # (R, C)
        scores = self.lm_head(hidden)                                         # (R, O)
        if normalize:
            scores = scores.log_softmax(-1)                                   # (R, O)
        return [scores, hidden]

    # forward_batch for a GPU, from which whole rows would take longer to download than to compute: (R, 2 K + C)
    # in FP32, the K highest log-probabilities of each row, the tokens that have them, and the hidden state.
    def forward_top(self, numbers: Tensor, attention_masks: Tensor,
                    caches: List[Tensor], pasts: List[int], counts: List[int], masked: List[bool],
                    K: int) -> Tensor:
        scores, hidden = self.forward_batch(numbers, attention_masks, caches, pasts, counts, masked, True)
        if scores.size(0) == 0:
            return hidden
        highest, tokens = scores.topk(K)                                      # (R, K) each
        return torch.cat([highest, tokens.to(FP32), hidden], 1)

    # What is added to the attention scores of each text: 0 where a token attends to a slot, minus infinity elsewhere. It
    # stays empty where none is needed: for a text from its beginning on, which is read with is_causal, and for a single
    # token, which attends to all tokens before it.
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
            masks.append(mask.to(self.dtype).log())
        return masks

    # After the last layer nobody reads more than the scored rows: the others end with their keys and values.
    def block(self, i: int, x: Tensor, slots: List[List[Tensor]], added: List[List[Tensor]], pasts: List[int], masks: List[Tensor], rows: Tensor) -> Tensor:
        at = FIRST_LAYER + i * LAYER_WEIGHTS
        qkv = self.linear(self.layer_norm(x, at + LN_1), at + C_ATTN)         # (N, 3C)
        qkv = qkv.view([1, x.size(0), 3, self.heads, x.size(1) // self.heads])  # (1, N, 3, NH, HS)
        q = qkv.select(2, 0).transpose(1, 2)                                  # (1, NH, N, HS)
        self.remember(i, qkv.narrow(2, 1, 2).permute([0, 3, 2, 1, 4]), added)
        last = i + 1 == self.layers
        if last and rows.size(0) == 0:
            return x.narrow(0, 0, 0)
        y = self.attend(i, q, slots, added, pasts, masks).transpose(1, 2).reshape(x.size())  # (N, C)
        if last:
            x = x.index_select(0, rows)                                       # (R, C)
            y = y.index_select(0, rows)                                       # (R, C)
        x.add_(self.linear(y, at + ATTN_PROJ))
        x.add_(self.mlp(i, self.layer_norm(x, at + LN_2)))
        return x                                                              # (N, C) or (R, C)

    # Writes the keys and values (1, NH, 2, N, HS) of layer i into the caches.
    def remember(self, i: int, kv: Tensor, added: List[List[Tensor]]) -> None:
        start = 0
        for text in added:
            T = text[i].size(3)
            text[i].copy_(kv.narrow(3, start, T))
            start += T

    # Causal self-attention of layer i, text by text: (1, NH, N, HS).
    def attend(self, i: int, q: Tensor, slots: List[List[Tensor]], added: List[List[Tensor]], pasts: List[int], masks: List[Tensor]) -> Tensor:
        outputs: List[Tensor] = []
        start = 0
        for text in range(len(slots)):
            T = added[text][i].size(3)
            k, v = slots[text][i].to(self.dtype).unbind(2)                    # (1, NH, S, HS) each
            mask: Optional[Tensor] = None
            if masks[text].numel() > 0:
                mask = masks[text]                                            # (T, S)
            causal = pasts[text] == 0 and masks[text].numel() == 0
            outputs.append(torch.scaled_dot_product_attention(q.narrow(2, start, T), k, v, mask, 0., causal))
            start += T
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs, 2)

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

    # Logits in FP32 of the token after each hidden state (R, C).
    def lm_head(self, hidden: Tensor) -> Tensor:
        if len(self.packed) > 0:
            logits = ops.quantized.linear_dynamic(hidden, self.packed[WTE], self.reduce_range)
        else:
            logits = torch.linear(hidden.to(self.dtype), self.w[WTE]).to(FP32)
        return logits                                                         # (R, O)

    # A matrix of a file, [in, out], as [out, in], or back: in the same memory, or copied.
    def transpose(self, weight: Tensor, copy: bool) -> Tensor:
        transposed = weight.t()
        if copy:
            transposed = transposed.clone(memory_format=CONTIGUOUS)
        return transposed
