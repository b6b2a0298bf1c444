# Words whose logits are computed at a time.
VOCABULARY_BLOCK = 1024

    # ---- Training: these methods continue the class of gpt2.py, whose constants they use. ----
    #
    # The backward pass is written out, with the operators that autograd would call. So it is chosen here what
    # is kept for it and in which precision, matrix products add to the gradients themselves, and no graph is
    # built. Sequences lie end to end without padding. `runs` holds pairs (B sequences, T tokens each), in
    # their order; attention is computed for each run, so that it never crosses from one sequence into the
    # next, and everything else sees one (N, C) array.
    #
    # More shapes:
    #   B, T   sequences of one run and their length
    #   N      tokens of the batch, the sum of B T over all runs
    #   R      scored tokens, whose next token is a label
    #   A      answers of the answer head
    #
    # `w` are the FP32 weights that AdamW updates. self.w are their matrices in `dtype`, cast once a step; in
    # FP32, and for vectors, both are the same memory. `grads` has the order of w. Dropout is applied to the
    # embedding's output and to the output of each layer's two branches, not inside attention.

    # A batch comes in one array of numbers, so that one upload brings it: token ids (N), positions (N), scored
    # rows (R), labels (R), and where each sequence starts, with N at the end (sum of B, plus 1).
    def parts(self, numbers: Tensor, runs: List[int]) -> List[Tensor]:
        N = 0
        sequences = 0
        for r in range(len(runs) // 2):
            N += runs[2 * r] * runs[2 * r + 1]
            sequences += runs[2 * r]
        R = (numbers.size(0) - 2 * N - sequences - 1) // 2
        return numbers.split_with_sizes([N, N, R, R, sequences + 1])

    # Adds d(scale * sum of losses) / dw to `grads`, or overwrites them, and that sum to `total` (FP64).
    # Nothing here waits for a GPU. `masks` are those of dropout_masks. `chunk` is how many rows of logits are held at a time.
    def forward_backward(self, w: List[Tensor], grads: List[Tensor], total: Tensor, numbers: Tensor, runs: List[int], dropout: float, masks: List[Tensor], scale: float, overwrite: bool, chunk: int) -> None:
        parts = self.parts(numbers, runs)
        ids, positions, scored_rows, labels, starts = parts
        starts = starts.to(INT32)

        # forward
        x = torch.embedding(w[WTE], ids) + torch.embedding(w[WPE], positions)  # (N, C)
        x = self.dropout(x, masks, 0, dropout)
        inputs: List[Tensor] = []
        saved: List[List[Tensor]] = []
        for i in range(self.layers):
            inputs.append(x)
            saved.append(annotate(List[Tensor], []))
            x = self.block_forward(i, x, runs, starts, masks, dropout, saved[i])  # (N, C)

        # loss, and back through the last layer norm
        scored = x.index_select(0, scored_rows)                               # (R, C)
        hidden, mean, rstd = self.layer_norm_forward(scored, LN_F)     # (R, C), (R, 1), (R, 1)
        loss, dhidden = self.lm_head_loss(grads, hidden, labels, scale, overwrite, chunk)
        if overwrite:
            total.zero_()
        total.add_(loss)
        dscored = self.layer_norm_backward(grads, LN_F, dhidden, scored, mean, rstd, overwrite)
        dx = torch.zeros_like(x).index_add_(0, scored_rows, dscored)          # (N, C)

        # back through the layers and the embedding
        for j in range(self.layers):
            i = self.layers - 1 - j
            x = inputs.pop()
            values = saved.pop()
            dx = self.block_backward(grads, i, x, dx, runs, starts, masks, dropout, values, overwrite)  # (N, C)
        dx = self.dropout(dx, masks, 0, dropout)
        if overwrite:
            grads[WPE].zero_()
        self.add_rows(grads[WTE], ids, dx)
        self.add_rows(grads[WPE], positions, dx)

    # target[rows[i]] += values[i]. A GPU's index_add_ adds in any order, so that a run would not repeat.
    def add_rows(self, target: Tensor, rows: Tensor, values: Tensor) -> None:
        if target.is_cuda:
            torch.index_put_(target, [rows], values, True)
        else:
            target.index_add_(0, rows, values)

    # Layer i over x (N, C). Appends to `saved` what block_backward takes from it, in this order.
    def block_forward(self, i: int, x: Tensor, runs: List[int], starts: Tensor, masks: List[Tensor], dropout: float, saved: List[Tensor]) -> Tensor:
        at = FIRST_LAYER + i * LAYER_WEIGHTS
        n1, mean1, rstd1 = self.layer_norm_forward(x, at + LN_1)       # (N, C), (N, 1), (N, 1)
        a = n1.to(self.dtype)                                                 # (N, C)
        qkv = self.linear(a, at + C_ATTN)                              # (N, 3C)
        attention_saved: List[Tensor] = []
        y = self.attention_forward(qkv, runs, starts, attention_saved)        # (N, C)
        projected = self.linear(y, at + ATTN_PROJ)                     # (N, C)
        x1 = x + self.dropout(projected, masks, 1 + 2 * i, dropout)           # (N, C)
        n2, mean2, rstd2 = self.layer_norm_forward(x1, at + LN_2)      # (N, C), (N, 1), (N, 1)
        b = n2.to(self.dtype)                                                 # (N, C)
        up = self.linear(b, at + C_FC)                                 # (N, 4C)
        g = torch.gelu(up, approximate="tanh")                                # (N, 4C)
        down = self.linear(g, at + MLP_PROJ)                           # (N, C)
        saved.extend([mean1, rstd1, a, qkv, y, x1, mean2, rstd2, b, up, g])
        saved.extend(attention_saved)
        return x1 + self.dropout(down, masks, 2 + 2 * i, dropout)             # (N, C)

    # From the gradient `dout` of layer i's output to that of its input x, both (N, C) in FP32.
    def block_backward(self, grads: List[Tensor], i: int, x: Tensor, dout: Tensor, runs: List[int], starts: Tensor, masks: List[Tensor], dropout: float, saved: List[Tensor], overwrite: bool) -> Tensor:
        at = FIRST_LAYER + i * LAYER_WEIGHTS
        mean1, rstd1, a, qkv, y, x1, mean2, rstd2, b, up, g = saved[:11]
        attention_saved = saved[11:]
        # x + dropout(mlp(ln_2(x)))
        ddown = self.dropout(dout, masks, 2 + 2 * i, dropout).to(self.dtype)  # (N, C)
        dg = self.linear_backward(grads, at + MLP_PROJ, ddown, g, overwrite)  # (N, 4C)
        dup = torch.gelu_backward(dg, up, approximate="tanh")                 # (N, 4C)
        db = self.linear_backward(grads, at + C_FC, dup, b, overwrite)  # (N, C)
        dx1 = self.layer_norm_backward(grads, at + LN_2, db.to(FP32), x1, mean2, rstd2, overwrite)
        dx1.add_(dout)                                                        # (N, C)
        # x + dropout(attention(ln_1(x)))
        dprojected = self.dropout(dx1, masks, 1 + 2 * i, dropout).to(self.dtype)  # (N, C)
        dy = self.linear_backward(grads, at + ATTN_PROJ, dprojected, y, overwrite)  # (N, C)
        dqkv = self.attention_backward(qkv, dy, runs, starts, attention_saved)  # (N, 3C)
        da = self.linear_backward(grads, at + C_ATTN, dqkv, a, overwrite)  # (N, C)
        dx = self.layer_norm_backward(grads, at + LN_1, da.to(FP32), x, mean1, rstd1, overwrite)
        return dx.add_(dx1)                                                   # (N, C)

    # Normalised rows (N, C), and their mean and 1 / deviation (N, 1).
    def layer_norm_forward(self, x: Tensor, at: int) -> Tuple[Tensor, Tensor, Tensor]:
        return torch.native_layer_norm(x, [x.size(1)], self.w[at], self.w[at + 1], self.epsilon)

    # Adds to the gradients of w[at] and w[at + 1] and returns the gradient of x (N, C).
    def layer_norm_backward(self, grads: List[Tensor], at: int, dy: Tensor, x: Tensor, mean: Tensor, rstd: Tensor, overwrite: bool) -> Tensor:
        dx, dweight, dbias = torch.native_layer_norm_backward(dy, x, [x.size(1)], mean, rstd, self.w[at], self.w[at + 1], [True, True, True])
        self.accumulate(grads, at, dweight, overwrite)                        # (C)
        self.accumulate(grads, at + 1, dbias, overwrite)                      # (C)
        return dx

    # For y = x W^T + bias with W = w[at] (out, in) and x (N, in): adds to the gradients of W and of the bias
    # w[at + 1], and returns the gradient of x (N, in).
    def linear_backward(self, grads: List[Tensor], at: int, dy: Tensor, x: Tensor, overwrite: bool) -> Tensor:
        self.weight_grad(grads, at, dy, x, overwrite)
        self.accumulate(grads, at + 1, dy.sum([0], dtype=FP32), overwrite)    # (out)
        return dy.mm(self.w[at])                                              # (N, in)

    # grads[at] += dy^T x, (out, in). In FP32 the product itself adds.
    def weight_grad(self, grads: List[Tensor], at: int, dy: Tensor, x: Tensor, overwrite: bool) -> None:
        if dy.dtype != FP32:
            # The program's copy of the embedding may have rows more, whose gradients are zero.
            self.accumulate(grads, at, dy.t().mm(x).narrow(0, 0, grads[at].size(0)), overwrite)
        elif overwrite:
            torch.mm(dy.t(), x, out=grads[at])
        else:
            grads[at].addmm_(dy.t(), x)

    def accumulate(self, grads: List[Tensor], at: int, d: Tensor, overwrite: bool) -> None:
        if overwrite:
            grads[at].copy_(d)
        else:
            grads[at].add_(d)

    # Causal attention within each sequence: from qkv (N, 3C) to (N, C). Appends to `saved` what its backward
    # pass needs.
    def attention_forward(self, qkv: Tensor, runs: List[int], starts: Tensor, saved: List[Tensor]) -> Tensor:
        if qkv.is_cuda:
            y = self.attention_forward_cuda(qkv, starts, self.longest(runs), saved)
        else:
            y = self.attention_forward_cpu(qkv, runs, saved)
        return y

    # From the gradient dy (N, C) of the output to that of qkv (N, 3C).
    def attention_backward(self, qkv: Tensor, dy: Tensor, runs: List[int], starts: Tensor, saved: List[Tensor]) -> Tensor:
        if qkv.is_cuda:
            dqkv = self.attention_backward_cuda(qkv, dy, starts, self.longest(runs), saved)
        else:
            dqkv = self.attention_backward_cpu(qkv, dy, runs, saved)
        return dqkv

    # On the CPU one call for each run of equally long sequences, in FP32: in BF16 each of its small products is a oneDNN primitive of
    # its own, which is looked up, and compiled for each new length.
    def attention_forward_cpu(self, qkv: Tensor, runs: List[int], saved: List[Tensor]) -> Tensor:
        ys = torch.empty([qkv.size(0), qkv.size(1) // 3], dtype=qkv.dtype)    # (N, C)
        start = 0
        for r in range(len(runs) // 2):
            B = runs[2 * r]
            BT = B * runs[2 * r + 1]
            q, k, v = self.split_heads(qkv.narrow(0, start, BT).to(FP32), B)  # (B, NH, T, HS) each
            y, logsumexp = torch._scaled_dot_product_flash_attention_for_cpu(q, k, v, 0., True)
            saved.extend([y, logsumexp])                                      # (B, NH, T, HS), (B, NH, T)
            self.merged_heads(ys.narrow(0, start, BT), B).copy_(y)
            start += BT
        return ys

    def attention_backward_cpu(self, qkv: Tensor, dys: Tensor, runs: List[int], saved: List[Tensor]) -> Tensor:
        dqkv = torch.empty_like(qkv)                                          # (N, 3C)
        start = 0
        for r in range(len(runs) // 2):
            B = runs[2 * r]
            BT = B * runs[2 * r + 1]
            q, k, v = self.split_heads(qkv.narrow(0, start, BT).to(FP32), B)  # (B, NH, T, HS) each
            dy = self.merged_heads(dys.narrow(0, start, BT).to(FP32), B)      # (B, NH, T, HS)
            dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(dy, q, k, v, saved[2 * r], saved[2 * r + 1], 0., True)
            to_dq, to_dk, to_dv = self.split_heads(dqkv.narrow(0, start, BT), B)
            to_dq.copy_(dq)
            to_dk.copy_(dk)
            to_dv.copy_(dv)
            start += BT
        return dqkv

    # Query, key and value of B sequences of equal length T, one after the other: from (B T, 3C) to
    # (B, NH, T, HS) each.
    def split_heads(self, qkv: Tensor, B: int) -> List[Tensor]:
        T = qkv.size(0) // B
        HS = qkv.size(1) // 3 // self.heads
        return qkv.view([B, T, 3, self.heads, HS]).permute([2, 0, 3, 1, 4]).unbind()

    # A view of B sequences (B T, C) as (B, NH, T, HS).
    def merged_heads(self, y: Tensor, B: int) -> Tensor:
        return y.view([B, y.size(0) // B, self.heads, y.size(1) // self.heads]).transpose(1, 2)

    # On CUDA one call for all sequences, given by where each starts (int32, and N at the end) and the length of
    # the longest. Mask type 1 is causal. The backward pass does not split keys, since it would add their parts
    # in any order.
    def attention_forward_cuda(self, qkv: Tensor, starts: Tensor, longest: int, saved: List[Tensor]) -> Tensor:
        q, k, v = self.packed_heads(qkv)                                      # (1, N, NH, HS) each
        y, logsumexp, seed, offset, _a, _b = torch._efficient_attention_forward(q, k, v, None, starts, starts, longest, longest, 0., 1, True)
        saved.extend([y, logsumexp, seed, offset])
        return y.reshape([qkv.size(0), qkv.size(1) // 3])                     # (N, C)

    def attention_backward_cuda(self, qkv: Tensor, dy: Tensor, starts: Tensor, longest: int, saved: List[Tensor]) -> Tensor:
        q, k, v = self.packed_heads(qkv)                                      # (1, N, NH, HS) each
        y, logsumexp, seed, offset = saved
        dq, dk, dv, _a = torch._efficient_attention_backward(dy.view(y.size()), q, k, v, None, y, starts, starts, longest, longest, logsumexp, 0., seed, offset, 1, False, num_splits_key=1)
        return torch.stack([dq, dk, dv], 2).reshape(qkv.size())               # (N, 3C)

    def packed_heads(self, qkv: Tensor) -> List[Tensor]:
        HS = qkv.size(1) // 3 // self.heads
        return qkv.view([1, qkv.size(0), 3, self.heads, HS]).unbind(2)        # (1, N, NH, HS) each

    def longest(self, runs: List[int]) -> int:
        longest = 0
        for r in range(len(runs) // 2):
            longest = max(longest, runs[2 * r + 1])
        return longest

    # Masks (N, C) of the values that dropout keeps, for N tokens: the embedding's, then two for each layer; none
    # without dropout. Drawn at once from the device's generator, which libtorch has one of.
    def dropout_masks(self, N: int, dropout: float) -> List[Tensor]:
        wte = self.w[WTE]
        masks: List[Tensor] = []
        if dropout > 0.:
            for i in range(1 + 2 * self.layers):
                mask = torch.empty([N, wte.size(1)], dtype=BOOL, device=wte.device)
                masks.append(mask.bernoulli_(1. - dropout))
        return masks

    # x or its gradient (N, C), under the i-th mask where there are masks.
    def dropout(self, x: Tensor, masks: List[Tensor], i: int, dropout: float) -> Tensor:
        return (x * masks[i]).mul_(1. / (1. - dropout)) if len(masks) > 0 else x

    # The LM head and the cross-entropy of `labels` (R), for a chunk of rows at a time, so that (R, V) is never
    # held. Adds to the gradient of the token embedding. Returns the sum of losses, and
    # d(scale * loss) / d hidden (R, C). Logits become probabilities and then their own gradient, p - 1 at the
    # label and p elsewhere, in the same memory.
    def lm_head_loss(self, grads: List[Tensor], hidden: Tensor, labels: Tensor, scale: float, overwrite: bool, chunk: int) -> Tuple[Tensor, Tensor]:
        wte = self.w[WTE]                                                     # (V', C)
        V = grads[WTE].size(0)
        loss = torch.zeros([], dtype=FP32, device=hidden.device)
        dhidden = torch.empty_like(hidden)                                    # (R, C)
        for start in range(0, hidden.size(0), chunk):
            end = min(hidden.size(0), start + chunk)
            h = hidden[start:end].to(self.dtype)                              # (chunk, C)
            label = labels[start:end].unsqueeze(1)                            # (chunk, 1)
            p, log_probs = self.softmax_in_place(self.blocked_logits(h, V), label)  # (chunk, V'), (chunk, 1)
            p.scatter_(1, label, (log_probs.exp() - 1.).to(self.dtype))
            loss.sub_(log_probs.sum())
            rest = scale
            if self.dtype == FP16:  # whose small probabilities would underflow in the products
                p.mul_(scale)
                rest = 1.
            torch.mul(p.mm(wte).to(FP32), rest, out=dhidden[start:end])
            self.weight_grad(grads, WTE, p, h * rest, overwrite and start == 0)
        return loss, dhidden

    # For training on a GPU: rows of zeros behind those of the program's copy of the embedding, up to a multiple
    # of 64, V'. Tensor cores are 10 to 25% slower with an odd number. In FP32 there is no copy.
    def pad_vocabulary(self) -> None:
        wte = self.w[WTE]
        if wte.is_cuda and wte.dtype != FP32:
            more = (64 - wte.size(0) % 64) % 64
            self.w[WTE] = torch.cat([wte, torch.zeros([more, wte.size(1)], dtype=wte.dtype, device=wte.device)])

    # Logits (chunk, V') of h (chunk, C) in its own precision; those beyond V are never chosen. In FP32 over
    # blocks of the vocabulary: MKL's product with a transposed, very tall matrix is a fifth slower in one piece.
    # BF16 goes through oneDNN, which is fastest with the whole matrix.
    def blocked_logits(self, h: Tensor, V: int) -> Tensor:
        wte = self.w[WTE]
        if h.dtype == FP32 and not h.is_cuda:
            logits = torch.empty([h.size(0), V], dtype=FP32)                  # (chunk, V)
            for start in range(0, V, VOCABULARY_BLOCK):
                end = min(V, start + VOCABULARY_BLOCK)
                torch.mm(h, wte[start:end].t(), out=logits.narrow(1, start, end - start))
        else:
            logits = torch.linear(h, wte)                                     # (chunk, V')
            logits.narrow(1, V, wte.size(0) - V).fill_(-65504.)               # FP16's lowest
        return logits

    # Probabilities (chunk, V), which overwrite the logits, and log p(label) (chunk, 1) in FP32. The logarithm
    # of the sum is that of the largest logit minus that of its probability, which needs no second array.
    def softmax_in_place(self, logits: Tensor, label: Tensor) -> Tuple[Tensor, Tensor]:
        chosen = logits.gather(1, label).to(FP32)                             # (chunk, 1)
        largest, at = logits.max(1, True)                                     # (chunk, 1) each
        p = torch._softmax(logits, 1, False, out=logits)                      # (chunk, V)
        logsumexp = largest.to(FP32) - p.gather(1, at).to(FP32).log()         # (chunk, 1)
        return p, chosen - logsumexp

    # The sum of the gradients' squares (FP64).
    def squares(self, grads: List[Tensor]) -> Tensor:
        return torch.norm(torch.stack(torch._foreach_norm(grads))).to(FP64).square()

    # From the sums of squares of all gradients, which are `scale` times too large: `total` and their norm (2, FP64),
    # by what they are to be divided (FP32), which clips them to `max_norm`, and whether the step is to be left out
    # (FP32, 0 or 1), because one is not finite.
    def clipping(self, squares: List[Tensor], total: Tensor, scale: float, max_norm: float) -> List[Tensor]:
        norm = torch.stack(squares).sum().sqrt() / scale
        divisor = ((norm + 1e-6) / max_norm).clamp_min(1.) * scale
        return [torch.stack([total, norm]), divisor.to(FP32), 1. - torch.isfinite(norm).to(FP32)]

    # One step of AdamW (decoupled weight decay, arXiv 1711.05101) for a group of weights, whose gradients are
    # divided by `divisor` first, unless `skip` is 1. m and v are the gradients' running means and squares. All
    # lists must come from the caller: libtorch takes a fused step on lists built here for dead code and drops
    # it.
    def adamw_step(self, w: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], settings: List[float], divisor: Tensor, skip: Tensor) -> None:
        learning_rate, beta1, beta2, epsilon, weight_decay = settings
        torch._foreach_add_(steps, 1. - skip)
        torch._fused_adamw_(w, grads, m, v, annotate(List[Tensor], []), steps, lr=learning_rate, beta1=beta1, beta2=beta2, weight_decay=weight_decay, eps=epsilon, amsgrad=False, maximize=False, grad_scale=divisor, found_inf=skip)

    # After a step: casts the weights `at` into self.w again, where that is of another type.
    def recast(self, w: List[Tensor], at: List[int]) -> None:
        for i in at:
            if self.w[i].dtype != w[i].dtype:
                self.w[i].narrow(0, 0, w[i].size(0)).copy_(w[i])

    # The sum of -log p(label) of a batch as forward_backward takes it, without gradients.
    def loss(self, w: List[Tensor], numbers: Tensor, runs: List[int], chunk: int) -> Tensor:
        parts = self.parts(numbers, runs)
        hidden = self.hidden(w, parts, runs)                                  # (R, C)
        labels = parts[3]                                                     # (R)
        loss = torch.zeros([], dtype=FP64, device=hidden.device)
        for start in range(0, hidden.size(0), chunk):
            end = min(hidden.size(0), start + chunk)
            h = hidden[start:end].to(self.dtype)                              # (chunk, C)
            logits = self.blocked_logits(h, w[WTE].size(0)).to(FP32)          # (chunk, V')
            p, log_probs = self.softmax_in_place(logits, labels[start:end].unsqueeze(1))
            loss.sub_(log_probs.sum())
        return loss.to(FP32)

    # The output of the last layer norm for the scored rows (R, C): what the LM head and the answer head take.
    def features(self, w: List[Tensor], numbers: Tensor, runs: List[int]) -> Tensor:
        return self.hidden(w, self.parts(numbers, runs), runs)

    def hidden(self, w: List[Tensor], parts: List[Tensor], runs: List[int]) -> Tensor:
        ids, positions, scored_rows, labels, starts = parts
        starts = starts.to(INT32)
        x = torch.embedding(w[WTE], ids) + torch.embedding(w[WPE], positions)  # (N, C)
        no_masks: List[Tensor] = []
        for i in range(self.layers):
            saved: List[Tensor] = []
            x = self.block_forward(i, x, runs, starts, no_masks, 0., saved)   # (N, C)
        return self.layer_norm(x.index_select(0, scored_rows), LN_F)   # (R, C)

    # Data-parallel training and resumed runs: lists of arrays, across devices where these differ.

    def add_arrays(self, target: List[Tensor], source: List[Tensor]) -> None:
        for i in range(len(target)):
            target[i].add_(source[i].to(target[i].device, target[i].dtype))

    def copy_arrays(self, target: List[Tensor], source: List[Tensor]) -> None:
        for i in range(len(target)):
            target[i].copy_(source[i])

    def fill_arrays(self, arrays: List[Tensor], value: float) -> None:
        for array in arrays:
            array.fill_(value)

    # The answer head is a weight (A, C) and a bias (A). Overwrites `grads` with the gradients of its mean loss
    # over hidden states (N, C) whose answers are `labels` (N), and returns the loss.
    def answer_head_backward(self, head: List[Tensor], grads: List[Tensor], features: Tensor, labels: Tensor) -> Tensor:
        loss = torch.cross_entropy_loss(torch.linear(features, head[0], head[1]), labels)
        found = torch.grad([loss], head)
        for i in range(2):
            grads[i].copy_(unchecked_cast(Tensor, found[i]))
        return loss.detach()

    def answer_head_loss(self, head: List[Tensor], features: Tensor, labels: Tensor) -> Tensor:
        return torch.cross_entropy_loss(torch.linear(features, head[0], head[1]), labels)
